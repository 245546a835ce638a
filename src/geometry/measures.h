/* What is known about how a person sits: each number with its uncertainty.
 *
 * Frames. Camera: x right, y down, z forward, millimetres. World: the camera frame turned by the
 * camera's tilt and roll so that gravity is -z_up; "gravity-aligned" below. Left and right are the
 * person's own: their left is on the picture's right. */
#ifndef UNKNOT_GEOMETRY_MEASURES_H
#define UNKNOT_GEOMETRY_MEASURES_H

#include <stdbool.h>

/* MEASURE(enumerator, name in JSON and database, what it is) */
#define MEASURES(MEASURE) \
	MEASURE(EYE_DISTANCE, "eye_distance_cm", "eye mid-point to camera") \
	MEASURE(SCREEN_DISTANCE, "screen_distance_cm", "eyes to the vertical plane of the screen") \
	MEASURE(EYE_HEIGHT, "eye_height_cm", "eyes above the camera, gravity-aligned") \
	MEASURE(EYE_SIDE, "eye_side_cm", "eyes beside the camera, + to the person's left") \
	MEASURE(HEAD_PITCH, "head_pitch_deg", "head pitch against gravity, chin down positive") \
	MEASURE(HEAD_YAW, "head_yaw_deg", "head yaw, toward the person's left positive") \
	MEASURE(HEAD_ROLL, "head_roll_deg", "head roll, tipped to the left shoulder positive") \
	MEASURE(SHOULDER_TILT, "shoulder_tilt_deg", "shoulder line, left shoulder up positive") \
	MEASURE(EYE_DROP, "eye_drop_cm", "eyes lower than when upright") \
	MEASURE(LEAN_IN, "lean_in_cm", "eyes nearer to the screen than when upright") \
	MEASURE(LEAN_SIDE, "lean_side_cm", \
	        "eyes beside their upright place, + to the person's left") \
	MEASURE(HEAD_PITCH_CHANGE, "head_pitch_change_deg", "head pitch against upright") \
	MEASURE(SHOULDER_DROP, "shoulder_drop_cm", "shoulder line lower than when upright") \
	MEASURE(NECK_FLEXION, "neck_flexion_deg", "estimate of neck flexion") \
	MEASURE(TRUNK_FLEXION, "trunk_flexion_deg", "estimate of trunk flexion") \
	MEASURE(CVA, "cva_deg", "estimate of the craniovertebral angle") \
	MEASURE(MONITOR_TOP_OFFSET, "monitor_top_offset_cm", "screen's top edge above eye level") \
	MEASURE(HEAD_YAW_CHANGE, "head_yaw_change_deg", "head yaw against upright") \
	MEASURE(HEAD_ROLL_CHANGE, "head_roll_change_deg", "head roll against upright") \
	MEASURE(SHOULDER_SIDE, "shoulder_side_cm", \
	        "shoulders beside their upright place, + to the left")

enum measure_id {
#define MEASURE(id, name, text) MEASURE_##id,
	MEASURES(MEASURE)
#undef MEASURE
	MEASURE_COUNT
};

struct measure {
	double value;
	double sigma; /* one standard deviation, same unit; systematic part included */
	bool valid;   /* value and sigma mean nothing otherwise */
};

struct measures {
	struct measure m[MEASURE_COUNT];
};

/* "eye_distance_cm"; the unit is the suffix. */
const char *measure_name(enum measure_id id);
const char *measure_text(enum measure_id id);
/* MEASURE_COUNT when there is no such name. */
enum measure_id measure_from_name(const char *name);

#endif
