# Finds Emscripten and hands over to its own toolchain file. Tried in this order: -DEMSCRIPTEN_ROOT_PATH=DIR, the emsdk
# that the environment variable EMSDK names, em-config on the PATH (Debian's package, Homebrew, an activated emsdk).
if(NOT EMSCRIPTEN_ROOT_PATH AND EXISTS "$ENV{EMSDK}/upstream/emscripten/em-config")
  set(EMSCRIPTEN_ROOT_PATH "$ENV{EMSDK}/upstream/emscripten")
endif()
if(NOT EMSCRIPTEN_ROOT_PATH)
  find_program(INKREAD_EM_CONFIG em-config NO_CMAKE_FIND_ROOT_PATH)
  if(INKREAD_EM_CONFIG)
    execute_process(COMMAND "${INKREAD_EM_CONFIG}" EMSCRIPTEN_ROOT
      OUTPUT_VARIABLE EMSCRIPTEN_ROOT_PATH OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
endif()
set(emscripten_toolchain "${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake")
if(NOT EXISTS "${emscripten_toolchain}")
  message(FATAL_ERROR "Emscripten was not found. Install it (Debian and Ubuntu: apt install emscripten; anywhere: "
    "https://emscripten.org/docs/getting_started/downloads.html, then run 'source emsdk_env.sh'), or pass "
    "-DEMSCRIPTEN_ROOT_PATH=DIR with the folder that holds em++.")
endif()
include("${emscripten_toolchain}")
list(APPEND CMAKE_SYSTEM_PREFIX_PATH /usr/local /opt/homebrew /usr)

# Debian keeps acorn, which em++ needs to optimise JavaScript, where only Debian's own node looks.
if(EXISTS /usr/share/nodejs/acorn AND NOT EXISTS "${EMSCRIPTEN_ROOT_PATH}/node_modules/acorn")
  set(CMAKE_CXX_LINKER_LAUNCHER "${CMAKE_COMMAND}" -E env NODE_PATH=/usr/share/nodejs)
endif()
