"""What an IT person needs beside the program: an archive for machines without internet, a systemd unit, a container."""
