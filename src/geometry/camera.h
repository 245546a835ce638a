/* The camera: how a ray leaves it and how it stands against gravity. */
#ifndef UNKNOT_GEOMETRY_CAMERA_H
#define UNKNOT_GEOMETRY_CAMERA_H

#include "base/error.h"

#include <stdbool.h>

/* Pinhole with OpenCV's five distortion coefficients (k1 k2 p1 p2 k3), for one picture size. */
struct camera {
	int width, height;     /* pixels that fx..cy refer to; scaled
	                        * for other sizes of equal aspect */
	double fx, fy, cx, cy; /* pixels */
	double distortion[5];
	double focal_sigma;    /* relative: 0.05 for a guess, 0.01 calibrated */
	double tilt_deg;       /* optical axis below the horizontal */
	double tilt_sigma_deg; /* 90 when nothing is known */
	double roll_deg;       /* picture's right edge lower than its left positive */
	/* Since the profile was made (camera_moved); 0 for a camera that stands. */
	double pan_deg;        /* the optical axis is to the right of where it was */
	double pan_sigma_deg, moved_sigma_deg; /* of that; of tilt's change */
	double moved_mm;       /* sigma of the way the camera has gone along its axis */
	double screen_top_cm;  /* screen's top edge above the camera (usually -1: the bezel) */
	double screen_top_sigma_cm;
	int turn;              /* all of this is of pictures turned
	                        * clockwise by so many quarters, 0-3 */
	bool turn_forced;      /* ... which is so; else it is where
	                        * to start from (sample/upright.h) */
};

/* A camera known only by its horizontal field of view (of a portrait picture: the vertical one, as
 * the camera lies on its side). Principal point at the centre, tilt 0 with sigma 8 deg (a laptop
 * lid's spread), focal_sigma 0.01. */
struct camera camera_from_hfov(int width, int height, double hfov_deg);

/* A camera of which nothing is known: what webcams are, 60 deg at 4:3 with focal_sigma 0.14. */
struct camera camera_unknown(int width, int height);

/* What is known of a camera by its by-id name (cameras.inc): its lens for pictures of that size,
 * with the focal_sigma that it is known to. False, and *lens is left alone, for one that nobody has
 * told of. */
bool camera_known(const char *camera_id, int width, int height, struct camera *lens);

/* The same camera for another picture size. Another aspect is a crop of a 16:9 sensor: 4:3 keeps
 * the height. */
struct camera camera_scaled(const struct camera *, int width, int height);

/* The same camera for pictures turned clockwise by so many more quarters, which may be negative:
 * the lens and its distortion turn, tilt and roll are those of the turned picture and stay. */
struct camera camera_turned(const struct camera *, int quarters);

/* The same camera after it was turned: `rotation` takes a direction in its frame then to now and is
 * right to sigma_deg. Tilt and roll are the new ones. Who turns a screen to the side may have
 * turned the chair too: half of that turn is taken, and sigma covers none to all. The turn is about
 * a point that nobody knows: a laptop's hinge is 20 cm below its camera, a webcam's foot 3. */
struct camera camera_moved(const struct camera *, const double rotation[3][3], double sigma_deg);

/* Pixel to the normalised, undistorted ray (x/z, y/z). */
void camera_ray(const struct camera *, double px, double py, double ray[2]);

/* Camera frame (mm) to world: out = { right, toward the scene horizontally, up }, mm. */
void camera_to_world(const struct camera *, const double cam[3], double world[3]);
/* And back. */
void camera_from_world(const struct camera *, const double world[3], double cam[3]);
/* Camera frame to pixel, distortion included; false for what is behind the camera. */
bool camera_project(const struct camera *, const double cam[3], double pixel[2]);

/* The tilt that puts an eye at `eye` (camera frame, mm) height_mm above the camera, as a ruler told
 * with height_sigma_mm; distance_sigma is the relative error of the eye's distance. Sets tilt and
 * its sigma. False, with what to measure again, when no believable tilt does. */
bool camera_level(struct camera *, const double eye[3], double height_mm, double height_sigma_mm,
                  double distance_sigma, struct error *);

#endif
