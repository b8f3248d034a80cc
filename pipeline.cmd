@echo off
rem Runs the program; builds it first where there is no build or a source is newer than the last one.
rem On Windows the data is kept on the server that PIPELINE_DATABASE names.
setlocal
chcp 65001 >nul
where dotnet >nul 2>nul || (
    echo pipeline needs the .NET 10 SDK and there is no dotnet here: install it from https://dot.net/download, then run this again. 1>&2
    exit /b 5
)
set "HERE=%~dp0"
set "OUT=%HERE%artifacts"
set "PROGRAM=%OUT%\bin\Pipeline.Jobs\release\pipeline.dll"
set "STAMP=%OUT%\pipeline.built"
powershell -NoProfile -Command "$b = Get-Item -LiteralPath $env:STAMP -ErrorAction SilentlyContinue; if (-not $b -or -not (Test-Path -LiteralPath $env:PROGRAM)) { exit 1 }; $s = 'Pipeline.Models', 'Pipeline.Reports', 'Pipeline.Jobs', 'Directory.Build.props', 'Directory.Packages.props', 'global.json' | ForEach-Object { Join-Path $env:HERE $_ }; if (Get-ChildItem -LiteralPath $s -Recurse -File | Where-Object { $_.LastWriteTimeUtc -gt $b.LastWriteTimeUtc } | Select-Object -First 1) { exit 1 }"
if errorlevel 1 (
    echo Building pipeline, once after each change ... 1>&2
    dotnet build "%HERE%Pipeline.Jobs" -c Release -v q --nologo --disable-build-servers -p:RestoreLockedMode=true 1>&2 || exit /b 5
    type nul > "%STAMP%"
)
dotnet "%PROGRAM%" %*
exit /b %errorlevel%
