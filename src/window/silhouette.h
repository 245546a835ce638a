/* Somebody's head and shoulders against their upright: from the front as in a mirror, and from the
 * side. Drawn from measures; no picture is needed. */
#ifndef UNKNOT_WINDOW_SILHOUETTE_H
#define UNKNOT_WINDOW_SILHOUETTE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Departures from upright, cm and degrees, as geometry/measures.h has them; 0 where one is not
 * known. */
struct silhouette {
	bool known;              /* else the upright alone is drawn */
	double drop, lean, side; /* of the eyes: lower, nearer to the
	                          * screen, to the person's left */
	double roll, pitch, yaw; /* of the head: to the left shoulder, chin down, to the left */
	double shoulder_tilt;    /* left one up */
	double shoulder_drop, shoulder_side;
};

/* From the measures of Status or Explain: {"eye_drop_cm": {"value": 7.1, "valid": true}, ...}.
 * Known when the eyes' departure is. */
struct silhouette silhouette_read(const cJSON *measures);

#endif
