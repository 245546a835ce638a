/* Inside `unknot evaluate`: pictures with known truth, scored; then summarised and drawn. */
#ifndef UNKNOT_EVALUATE_EVALUATE_H
#define UNKNOT_EVALUATE_EVALUATE_H

#include "base/error.h"
#include "posture/posture.h"

#include <stdbool.h>
#include <stdio.h>

/* What is scored. Head angles count as change from the first picture, because truth's zero of pitch
 * is the renderer's; so do drop and lean by their nature. */
enum score_id {
	SCORE_DISTANCE,     /* percent of the true distance */
	SCORE_DISTANCE_CM,
	SCORE_UNCALIBRATED, /* the same with neither profile nor camera known */
	SCORE_HEIGHT, SCORE_DROP, SCORE_LEAN_IN, /* cm */
	SCORE_PITCH, SCORE_YAW, SCORE_ROLL, SCORE_SHOULDERS, /* deg */
	SCORE_SHOULDER_DROP, /* cm */
	SCORE_NECK,         /* deg of flexion, head minus trunk, against upright */
	SCORE_COUNT
};

struct score {
	bool valid;
	double got, truth, sigma; /* in the unit above; sigma 0: none is claimed */
};

/* One picture. */
struct scored {
	char person[256], picture[256], label[32];
	bool calibration;      /* the person's first: not scored but for its height */
	bool face;
	bool found_expected;   /* the head is turned within 45 deg and nodded within 30 */
	double distance_cm, yaw_deg, pitch_deg; /* truth */
	struct score scores[SCORE_COUNT];
	enum posture expected, verdict; /* expected POSTURE_COUNT: this label is nobody's class */
	double departure;      /* from upright, in limits; NAN where nothing was judged */
	bool somebody_else;    /* the face, or the place, was not taken for the profile's */
	enum posture told;     /* held long enough just now, when
	                        * pictures are played; else unknown */
};

struct evaluation {
	struct scored *rows;
	size_t count, room;
	double fps;            /* > 0: each person's pictures were played as one sequence */
	bool left_out;         /* print and write leave-one-person-out figures too */
};

/* For a column: its name with the unit, and the largest mean error that the project allows
 * itself. */
const char *score_name(enum score_id);
double score_limit(enum score_id);

/* Whether a row counts for a score: looking-down pictures and those of the calibration are told
 * apart. */
bool score_counts(const struct scored *, enum score_id);

struct score_summary {
	size_t count;
	double mean, worst;      /* absolute error */
	double within;           /* share of true values within 2
	                          * sigma; NAN where none is claimed */
};

/* Rows of one person and one label only, either NULL for all; looking_down: those apart, else
 * without. */
struct score_summary score_summarise(const struct evaluation *, enum score_id, const char *person,
                                     const char *label, bool looking_down);

/* Mean over the classes that occur of the share that got its class; NAN without any. */
double score_recall(const struct evaluation *, enum posture only, size_t *count);

/* Good against bad, mean of the two shares that are right. Who is turned, looks down, reclines or
 * sits higher is not bad. `limit` is on the departure; NAN asks the verdicts' own labels. One
 * person only, or all but that one (NULL for all). */
double score_good_bad(const struct evaluation *, double limit, const char *person, bool others);
/* The limit on the departure that is best for all but this person: the middle of the best ones. */
double score_best_limit(const struct evaluation *, const char *person);

/* What is said of a person by figures that were estimated from the others only. */
struct left_out {
	size_t count;
	double mean, within;       /* as in score_summary, over all people */
	double scale_low, scale_high; /* by what sigma would have to be
	                               * multiplied, by each fold's others */
	double within_scaled;      /* within 2 sigma so multiplied */
	double likelihood, likelihood_scaled; /* mean negative logarithm of the
	                                       * density, in the score's unit */
};
struct left_out score_left_out(const struct evaluation *, enum score_id);
void evaluate_print_left_out(const struct evaluation *, FILE *);
struct cJSON;
struct cJSON *evaluate_left_out_json(const struct evaluation *);

/* The top edge of a screen under the camera, cm: the mean error of the eyes' height over it while
 * sitting upright, which calibration is not told. */
struct score_summary score_monitor(const struct evaluation *);

/* The whole as text, as JSON and as one SVG of errors against distance, yaw and pitch. */
void evaluate_print(const struct evaluation *, FILE *);
bool evaluate_write_json(const struct evaluation *, const char *path, struct error *);
bool evaluate_write_plots(const struct evaluation *, const char *path, struct error *);

/* Whether every mean error, the recall, the faces found and the sigmas are within the limits. */
bool evaluate_good(const struct evaluation *);

#endif
