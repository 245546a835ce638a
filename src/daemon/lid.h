/* Is a camera in the lid of a laptop, so that it sees nothing while that is shut? */
#ifndef UNKNOT_DAEMON_LID_H
#define UNKNOT_DAEMON_LID_H

#include <stdbool.h>

/* `node` is the camera's device file, also a link to it; `sys` is where sysfs is mounted, "/sys".
 * What the firmware says of its port decides: "fixed" is built in, "removable" is not (the kernel's
 * Documentation/ABI/testing/sysfs-devices-removable). Where it says nothing, and for cameras that
 * are on no USB: built in, unless the laptop is docked, which is when people shut it and put a
 * camera of their own before them. */
bool lid_covers(const char *sys, const char *node, bool docked);

/* There is a camera that it does not cover. What has no hardware (a loopback) does not count, nor
 * do the nodes beside the one that gives pictures, whose `index` is 0 (the kernel's v4l2-dev.c):
 * nothing is opened. */
bool lid_leaves_one(const char *sys, bool docked);

#endif
