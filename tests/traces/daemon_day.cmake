# unknotd plays a day at speed, unknot reports it.
file(REMOVE_RECURSE ${WORK})
execute_process(
  COMMAND ${UNKNOTD} --source trace:${TRACE} --speed 1e6 --config ${WORK}/none
          --state-dir ${WORK}/state --data-dir ${WORK}/data
  RESULT_VARIABLE status OUTPUT_VARIABLE said)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "unknotd ended with ${status}")
endif()
if(NOT said MATCHES "7 cm lower and 10 cm nearer")
  message(FATAL_ERROR "the slouch was not told: ${said}")
endif()
file(READ ${WORK}/data/reports/2026-03-09.json report)
string(JSON schema GET "${report}" schema)
string(JSON taken GET "${report}" breaks movement taken)
if(NOT schema STREQUAL "unknot-report/1" OR NOT taken EQUAL 1)
  message(FATAL_ERROR "report: schema ${schema}, movement breaks taken ${taken}")
endif()
execute_process(COMMAND ${UNKNOT} report --date 2026-03-09 --state-dir ${WORK}/state --format csv
  RESULT_VARIABLE status OUTPUT_VARIABLE csv)
if(NOT status EQUAL 0 OR NOT csv MATCHES "\n2026-03-09,25260,")
  message(FATAL_ERROR "unknot report: ${status}: ${csv}")
endif()
