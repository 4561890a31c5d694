@echo off
rem Cài docgen từ bộ này, không cần mạng. Nhấp đúp vào tệp này; cài vào %LOCALAPPDATA%\docgen.
chcp 65001 >nul
setlocal
cd /d "%~dp0"
set "NOI_CAI=%LOCALAPPDATA%\docgen"
py -${MAJOR}.${MINOR} -c "" 2>nul || (
  echo Bộ cài này dành cho Python ${MAJOR}.${MINOR}. Cài Python đó từ tệp cài của python.org rồi chạy lại.
  pause
  exit /b 1
)
py -${MAJOR}.${MINOR} -m venv "%NOI_CAI%" || (pause & exit /b 1)
"%NOI_CAI%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements.txt || (pause & exit /b 1)
copy /y mo-docgen.cmd "%USERPROFILE%\Desktop\docgen.cmd" >nul
echo Đã cài xong. Nhấp đúp vào biểu tượng docgen trên màn hình để mở trang làm việc.
pause
