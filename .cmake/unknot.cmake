# Shared by every room: one set of warnings, one way to declare a room and a test.

add_library(unknot_flags INTERFACE)
target_include_directories(unknot_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(unknot_flags INTERFACE _GNU_SOURCE)
# No contraction: a kernel and its C reference must round alike wherever both say a*b+c; the
# kernels ask for FMA by name.
target_compile_options(unknot_flags INTERFACE
  -ffp-contract=off -fno-math-errno -Wall -Wextra -Wshadow -Wvla -Wundef -Wformat=2
  -Wno-missing-field-initializers
  # What is built does not tell where, and is the same wherever that was.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>
  $<$<BOOL:${UNKNOT_WERROR}>:-Werror>)

# What makes an error in here harder to use: checked copies, canaries, no leap over a stack's guard
# page, marked places to jump to, addresses that are random and tables that are read-only.
# Sanitizers and fuzzers bring their own, and the C library checks only what is optimized. A program
# says to the kernel that it may hold it to the marked places (IBT, SHSTK) only when every object in
# it does: ours do, Debian 12's crt files do not (`ld -z cet-report=warning`: Scrt1.o, crti.o,
# crtn.o of libc6-dev), so its programs do not either.
option(UNKNOT_HARDEN "Compile and link with the hardening flags that compiler and linker know" ON)
if(UNKNOT_HARDEN AND NOT UNKNOT_SANITIZE AND NOT UNKNOT_FUZZ)
  include(CheckCCompilerFlag)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  # clang takes a flag of another processor, and warns that it does nothing
  set(CMAKE_REQUIRED_FLAGS -Werror)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection
    -mbranch-protection=standard)
    string(MAKE_C_IDENTIFIER "UNKNOT_HAS${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(unknot_flags INTERFACE ${flag})
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_FLAGS)
  target_compile_options(unknot_flags
    INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>)
  target_link_options(unknot_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(UNKNOT_SANITIZE)
  target_compile_options(unknot_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(unknot_flags INTERFACE -fsanitize=address,undefined)
endif()

option(UNKNOT_FUZZ "Fuzz targets with clang's libFuzzer, everything instrumented for it" OFF)
if(UNKNOT_FUZZ)
  target_compile_options(unknot_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# unknot_room(NAME SOURCES ... [DEPS ...]): one folder of src/ as the static library unknot_NAME.
function(unknot_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPS" ${ARGN})
  add_library(unknot_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(unknot_${name} PUBLIC unknot_flags ${ROOM_DEPS})
endfunction()

# unknot_test(NAME SOURCES ... [DEPS ...] [TIMEOUT S]): one test executable, one CTest entry.
function(unknot_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;DEPS;ENVIRONMENT" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  add_executable(test_${name} ${T_SOURCES})
  target_link_libraries(test_${name} PRIVATE unknot_flags ${T_DEPS})
  target_compile_definitions(test_${name} PRIVATE
    UNKNOT_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
    UNKNOT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    UNKNOT_SHARED="${CMAKE_SOURCE_DIR}/../shared")
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT}
    ENVIRONMENT "UNKNOT_MODEL=${CMAKE_BINARY_DIR}/unknot.model;${T_ENVIRONMENT}"
    SKIP_RETURN_CODE 77)
endfunction()

# unknot_aarch64_test(NAME FOLDER F [ARGUMENT A] [TIMEOUT S]): test_NAME of tests/F once more as
# NAME_aarch64: with the engine cross-compiled, in user-mode QEMU. One folder is built for all of
# them, so they take turns. What the sanitizers have to say of this code they say of the native
# build.
function(unknot_aarch64_test name)
  if(CMAKE_CROSSCOMPILING OR UNKNOT_SANITIZE)
    return()
  endif()
  cmake_parse_arguments(T "" "FOLDER;ARGUMENT;TIMEOUT" "" ${ARGN})
  add_test(NAME ${name}_aarch64
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DBINARY=${CMAKE_BINARY_DIR}/aarch64
      -DGENERATOR=${CMAKE_GENERATOR} -DTEST=test_${name} -DFOLDER=${T_FOLDER}
      -DARGUMENT=${T_ARGUMENT}
      -P ${CMAKE_SOURCE_DIR}/tests/aarch64.cmake)
  set_tests_properties(${name}_aarch64 PROPERTIES TIMEOUT ${T_TIMEOUT} COST 30 LABELS cross
    RESOURCE_LOCK aarch64
    SKIP_REGULAR_EXPRESSION "SKIPPED:" ENVIRONMENT "UNKNOT_MODEL=${CMAKE_BINARY_DIR}/unknot.model")
endfunction()
