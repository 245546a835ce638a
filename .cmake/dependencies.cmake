# Every library that is not ours, found once; the Debian packages are in `dev`.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)
pkg_check_modules(GIO REQUIRED IMPORTED_TARGET gio-2.0 gio-unix-2.0)
pkg_check_modules(NOTIFY REQUIRED IMPORTED_TARGET libnotify)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(V4L2 REQUIRED IMPORTED_TARGET libv4l2)
# its headers; without them there are no PipeWire cameras
pkg_check_modules(PIPEWIRE libpipewire-0.3)
# the window; without them there is none
pkg_check_modules(GTK IMPORTED_TARGET gtk4>=4.8 libadwaita-1>=1.2)
if(BUILD_TESTING)
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()

# OpenCV, library by library: what would find it as a whole (OpenCVConfig.cmake, opencv4.pc) lies in
# Debian's libopencv-dev, which brings all of its modules, 340 MB more than these five.
find_path(UNKNOT_OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
set(UNKNOT_OPENCV)
foreach(module core imgproc imgcodecs videoio calib3d)
  find_library(UNKNOT_OPENCV_${module} opencv_${module} REQUIRED)
  list(APPEND UNKNOT_OPENCV ${UNKNOT_OPENCV_${module}})
endforeach()
