/* A person's upright posture before one camera: what every change is measured against. */
#ifndef UNKNOT_GEOMETRY_PROFILE_H
#define UNKNOT_GEOMETRY_PROFILE_H

#include "geometry/camera.h"
#include "geometry/measures.h"
#include "geometry/room.h"
#include "landmark/face.h"

enum { PROFILE_NAME_SIZE = 64 };

struct profile {
	bool valid;
	char name[PROFILE_NAME_SIZE];   /* "desk", "standing" */
	char camera_id[128];            /* stable name of the camera, "" = any */
	long long created_wall_ms;
	struct camera camera;

	/* Face shape in the head frame (mm; x to the person's left, y up, z out of the face),
	 * scaled to the person: the metric shape that the perspective fit uses. */
	float shape[FACE_POINTS][3];
	double scale_sigma;             /* relative error of that scale: 0.06
	                                 * without a ruler, 0.01 with */
	double shoulder_width_mm, shoulder_width_sigma;

	/* Upright values, gravity-aligned. */
	struct measures upright;
	double eye_world_mm[3];         /* camera_to_world of the eye mid-point */
	double shoulder_world_mm[3];    /* mid-point of the shoulders, if seen */
	bool shoulders_valid;
	/* The head as the body landmarks show it (pose_head_angles), for pictures without a
	 * face. */
	double pose_pitch_deg, pose_yaw_deg;
	bool pose_head_valid;
	int samples;                    /* pictures it was made from */
	struct room room;               /* behind them; profile_make leaves it empty */
};

/* The measure that a change is a change of (eye_drop_cm: eye_height_cm), else the measure
 * itself. */
enum measure_id measure_baseline(enum measure_id);
/* What measure_baseline() was while sitting upright; NaN when nobody knows. The profile may be
 * NULL. */
double profile_baseline(const struct profile *, enum measure_id);

/* What one calibration picture gives. Landmarks and faces are borrowed for the call. */
struct calibration_view {
	const struct face_result *face;
	const struct pose_result *pose;
	int width, height;
};

/* Where the screen is, degrees to the person's left of the camera: who sat upright faced it with
 * this yaw. 0 up to 10 deg: a camera on the screen and a head that looked a little aside. Farther
 * and nearer, to the left and right (lean_in_cm, lean_side_cm, screen_distance_cm,
 * shoulder_side_cm) are along and across that direction. */
double profile_screen_deg(double upright_yaw_deg);

/* Part of the face lies beyond the picture's edge: the mesh has guessed it. */
bool face_is_cut(const struct face_result *);

/* Makes a profile from `count` upright pictures. distance_cm > 0: ruler distance from the eyes to
 * the camera. tilt and intrinsics are the camera's. Fails with what to do: no face, cut or turned,
 * the views disagree. */
bool profile_make(struct profile *, const struct camera *, const struct calibration_view *,
                  int count, double distance_cm, struct error *);

/* The same when all that is known is that the fingertips of the straight arm touch the camera: 61
 * cm +- 10 %. The camera's focal length and its sigma are corrected by it too. */
bool profile_make_at_arm(struct profile *, struct camera *, const struct calibration_view *,
                         int count, struct error *);

/* A camera by itself, as JSON, format "unknot-camera" version 1: what a lens calibration writes and
 * `unknot analyze --camera` reads. Same care as with profiles. */
bool camera_load(struct camera *, const char *path, struct error *);
bool camera_save(const struct camera *, const char *path, struct error *);

/* JSON, format "unknot-profile" version 1. Written atomically, mode 0600. */
bool profile_load(struct profile *, const char *path, struct error *);
bool profile_save(const struct profile *, const char *path, struct error *);

#endif
