@echo off
rem Mở trang làm việc của docgen trong trình duyệt. Đóng cửa sổ này là dừng.
chcp 65001 >nul
"%LOCALAPPDATA%\docgen\Scripts\docgen.exe" serve --open
pause
