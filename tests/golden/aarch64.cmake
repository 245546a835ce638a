# Cross-compiles the engine for AArch64 and runs every network on NEON in user-mode QEMU:
#   cmake -DSOURCE=... -DBINARY=... -DGENERATOR=... -P aarch64.cmake      (UNKNOT_MODEL: the packed file)
# A script cannot choose its exit status, so the CTest entry treats SKIPPED in the output as a skip.
find_program(compiler aarch64-linux-gnu-gcc)
find_program(emulator NAMES qemu-aarch64-static qemu-aarch64)
if(NOT compiler OR NOT emulator)
  message(STATUS "SKIPPED: needs aarch64-linux-gnu-gcc and qemu-aarch64 "
                 "(Debian: gcc-aarch64-linux-gnu qemu-user-static)")
  return()
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} --fresh -S ${SOURCE} -B ${BINARY} -G ${GENERATOR}
          -DUNKNOT_ENGINE_ONLY=ON -DUNKNOT_WERROR=ON
          -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64
          -DCMAKE_C_COMPILER=${compiler} -DCMAKE_EXE_LINKER_FLAGS=-static
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY} --target test_tensors
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${emulator} ${BINARY}/tests/golden/test_tensors neon RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the networks differ on AArch64")
endif()
