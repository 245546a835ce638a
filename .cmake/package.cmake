# ./dev package: two Debian packages. `unknot` has the daemon, the commands, the packed networks and
# what starts the daemon, and needs no toolkit; `unknot-window` has the window, where one is built.
set(debian ${CMAKE_SOURCE_DIR}/.cmake/debian)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME unknot)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each has its own
set(CPACK_PACKAGE_CONTACT "The unknot authors <unknot@users.noreply.github.com>")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE) # a package each
set(CPACK_COMPONENTS_ALL unknot)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

set(CPACK_DEBIAN_UNKNOT_PACKAGE_NAME unknot)
set(CPACK_DEBIAN_UNKNOT_DESCRIPTION
"posture daemon that watches through the webcam
Looks at you through the webcam a few times a minute, works out where
your eyes, head and shoulders are in centimetres and degrees, and tells
you, rarely and precisely, what to change. Prompts breaks, keeps a
history and writes one report a day. No picture leaves the process.")
# PipeWire's library is looked for when a camera is PipeWire's; Debian 13 has it under another name.
string(JOIN ", " CPACK_DEBIAN_UNKNOT_PACKAGE_RECOMMENDS "unknot-window" "notification-daemon"
  "dbus-user-session" "libpipewire-0.3-0t64 | libpipewire-0.3-0")
set(CPACK_DEBIAN_UNKNOT_PACKAGE_CONTROL_EXTRA
  ${debian}/preinst ${debian}/postinst ${debian}/prerm ${debian}/conffiles)

if(GTK_FOUND)
  list(APPEND CPACK_COMPONENTS_ALL window)
  set(CPACK_DEBIAN_WINDOW_PACKAGE_NAME unknot-window)
  set(CPACK_DEBIAN_WINDOW_DESCRIPTION
"posture daemon that watches through the webcam (window)
The window of unknot: how you sit now against upright, days and weeks,
exercises with figures that move, breaks, a diary of pain, calibration
and settings. It is opened by the menu, the status icon and messages.")
  set(CPACK_DEBIAN_WINDOW_PACKAGE_DEPENDS "unknot (= ${PROJECT_VERSION})")
  # Which had the window in it.
  set(CPACK_DEBIAN_WINDOW_PACKAGE_BREAKS "unknot (<< 0.2.0)")
  set(CPACK_DEBIAN_WINDOW_PACKAGE_REPLACES "unknot (<< 0.2.0)")
  set(CPACK_DEBIAN_WINDOW_PACKAGE_CONTROL_EXTRA
    ${debian}/window/preinst ${debian}/window/postrm)
endif()

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
# The noon of the day.
execute_process(COMMAND env LC_ALL=C date -u -d "${UNKNOT_RELEASED} 12:00" "+%a, %d %b %Y %T +0000"
  OUTPUT_VARIABLE UNKNOT_RELEASED_RFC OUTPUT_STRIP_TRAILING_WHITESPACE)
configure_file(${debian}/changelog.in ${CMAKE_BINARY_DIR}/docs/changelog @ONLY)
find_program(GZIP gzip)
if(GZIP)
  execute_process(COMMAND ${GZIP} -9nf ${CMAKE_BINARY_DIR}/docs/changelog)
  install(FILES ${CMAKE_BINARY_DIR}/docs/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
if(GTK_FOUND) # the window's papers are the other's
  file(CREATE_LINK unknot ${CMAKE_BINARY_DIR}/docs/unknot-window SYMBOLIC)
  install(FILES ${CMAKE_BINARY_DIR}/docs/unknot-window DESTINATION ${CMAKE_INSTALL_DATADIR}/doc
    COMPONENT window)
endif()
