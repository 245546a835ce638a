# Cross-compiles the engine and one of its tests for AArch64 and runs it in user-mode QEMU:
#   cmake -DSOURCE=... -DBINARY=... -DGENERATOR=... -DTEST=test_kernels -DFOLDER=kernels
#   [-DARGUMENT=...]
#         -P aarch64.cmake
# A script cannot choose its exit status, so the CTest entry treats SKIPPED in the output as a skip.
find_program(compiler aarch64-linux-gnu-gcc)
find_program(emulator NAMES qemu-aarch64-static qemu-aarch64)
if(NOT compiler OR NOT emulator)
  message(STATUS "SKIPPED: needs aarch64-linux-gnu-gcc and qemu-aarch64 "
                 "(Debian: gcc-aarch64-linux-gnu qemu-user)")
  return()
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} --fresh -S ${SOURCE} -B ${BINARY} -G ${GENERATOR}
          -DUNKNOT_ENGINE_ONLY=ON -DUNKNOT_WERROR=ON
          -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64
          -DCMAKE_C_COMPILER=${compiler} -DCMAKE_EXE_LINKER_FLAGS=-static
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY} --target ${TEST}
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${emulator} ${BINARY}/tests/${FOLDER}/${TEST} ${ARGUMENT}
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${TEST} failed on AArch64")
endif()
