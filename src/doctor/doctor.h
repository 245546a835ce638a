/* What `unknot doctor` knows and what it makes of it. Facts are gathered first (doctor_gather.c,
 * doctor_look.c); each check is then a pure function of them (doctor_judge.c). */
#ifndef UNKNOT_DOCTOR_DOCTOR_H
#define UNKNOT_DOCTOR_DOCTOR_H

#include "base/error.h"
#include "capture/capture.h"
#include "capture/manners.h"
#include "image/convert.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#include <sys/types.h>

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARNING, /* unknot works, but less well than it could */
	DOCTOR_PROBLEM, /* something keeps unknot from working */
};
const char *doctor_level_name(enum doctor_level);

struct doctor_finding {
	enum doctor_level level;
	char what[360];  /* what is so, in the person's language */
	char to_do[240]; /* "" when there is nothing to do */
};

enum { DOCTOR_CAMERAS = 16 };

struct doctor_camera {
	struct capture_device device;
	bool denied;     /* the node's permissions keep this user out */
	mode_t mode;     /* of the node; 0 when not known */
	struct camera_holder holder; /* pid 0: nobody that can be seen */
};

/* Why nothing was looked at. */
enum doctor_unseen {
	DOCTOR_NOT_ASKED,
	DOCTOR_NO_CAMERA,
	DOCTOR_TAKEN,  /* by the program that not_looked names */
	DOCTOR_FAILED, /* not_looked says how */
};

/* Texts are "" when there is nothing wrong. */
struct doctor_facts {
	struct doctor_camera cameras[DOCTOR_CAMERAS];
	int camera_count;

	/* One short look, at most. */
	bool looked;
	enum doctor_unseen unseen;
	char not_looked[256];
	struct luma_statistics light;
	bool face;
	double eyes_px, width;         /* between the outer corners of the eyes; of the picture */
	double face_mean;              /* brightness of the face, 0-255 */

	char models_error[256], models_hash[65];
	char config_error[256], profile_error[256];
	int profiles;
	bool bus, server, server_actions, server_body, daemon;
	char off[128];                 /* why the daemon's camera is off,
	                                * in the person's language */
	char bus_error[256], server_name[64], server_version[32];
	struct sandbox sandbox;

	char state_dir[256], store_error[256];
	bool state_writable;
	double free_mb;                /* < 0: not known */
	enum store_soundness sound;
	mode_t state_mode, history_mode; /* permission bits; 0: not there */

	int64_t now_s, built_s;        /* seconds since 1970; built at the
	                                * earliest: this version's day */
	bool zone_known, synchronised;
	int other_users;               /* people who are logged in besides; < 0: not known */
};

/* The checks in the order in which they are told. The name is English, and a word to be
 * translated. */
struct doctor_check {
	const char *name;
	void (*judge)(const struct doctor_facts *, struct doctor_finding *);
};
extern const struct doctor_check doctor_checks[];
extern const int doctor_check_count;

void doctor_gather(struct doctor_facts *);

/* A second or two through `source` (capture_open's); the rest must be gathered before. NULL: the
 * best camera, which a running daemon lends, unless another program has it open. */
void doctor_look(struct doctor_facts *, const char *source);

#endif
