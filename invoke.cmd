@echo off
rem Sets up what this checkout needs, once, and hands over to invoke (the POSIX twin is the file "invoke").
setlocal
cd /d "%~dp0"
fc /b requirements.lock .venv\made-from.lock >nul 2>&1 && goto run
echo invoke: making .venv from requirements.lock 1>&2
where uv >nul 2>&1
if not errorlevel 1 (
    uv venv -q --clear .venv || exit /b 1
    uv pip sync -q --python .venv\Scripts\python.exe --require-hashes requirements.lock || exit /b 1
) else (
    py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul || (
        echo invoke: Python 3.11 or newer is needed: https://www.python.org/downloads/ 1>&2
        exit /b 1
    )
    py -3 -m venv --clear .venv || exit /b 1
    .venv\Scripts\python.exe -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock || exit /b 1
)
copy /y requirements.lock .venv\made-from.lock >nul
:run
.venv\Scripts\python.exe -m invoke %*
exit /b %errorlevel%
