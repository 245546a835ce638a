# ./dev package: a Debian package of both programs, the packed networks and what starts the daemon.
set(debian ${CMAKE_SOURCE_DIR}/.cmake/debian)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME unknot)
set(CPACK_PACKAGE_CONTACT "The unknot authors <unknot@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "posture daemon that watches through the webcam")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Looks at you through the webcam a few times a minute, works out where
your eyes, head and shoulders are in centimetres and degrees, and tells
you, rarely and precisely, what to change. Prompts breaks, keeps a
history and writes one report a day. No picture leaves the process.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "notification-daemon, dbus-user-session")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${debian}/preinst ${debian}/postinst ${debian}/prerm ${debian}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
include(CPack)

# With the licence of the networks, whose text has to go along (its section 4a) and is in no npm
# package of theirs; a Debian changelog is wanted compressed.
install(FILES ${debian}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/models/Apache-2.0.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/models/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}
  RENAME networks.md)
configure_file(${debian}/changelog.in ${CMAKE_BINARY_DIR}/docs/changelog @ONLY)
find_program(GZIP gzip)
if(GZIP)
  execute_process(COMMAND ${GZIP} -9nf ${CMAKE_BINARY_DIR}/docs/changelog)
  install(FILES ${CMAKE_BINARY_DIR}/docs/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
