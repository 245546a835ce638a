#include "sample/follow.h"

/* The visibility of a landmark that counts: more likely seen than not, as MediaPipe's own drawing
 * has it. */
static const float seen_least = 0.5F;

static struct stretch_point point_of(const struct sample *s, int id)
{
	const struct pose_landmark *p = &s->pose.landmarks[id];
	const bool inside = p->x > 0 && p->x < 1 && p->y > 0 && p->y < 1;
	return (struct stretch_point){p->x * (double)s->width / s->height, p->y,
	                              s->pose.found && inside && p->visibility > seen_least};
}

struct stretch_view stretch_view_of(const struct sample *s)
{
	const struct pose_landmark *p = s->pose.landmarks;
	return (struct stretch_view){
		.seconds = s->seconds,
		.nose = point_of(s, POSE_NOSE),
		.left_ear = point_of(s, POSE_LEFT_EAR),
		.right_ear = point_of(s, POSE_RIGHT_EAR),
		.left_shoulder = point_of(s, POSE_LEFT_SHOULDER),
		.right_shoulder = point_of(s, POSE_RIGHT_SHOULDER),
		.left_wrist = point_of(s, POSE_LEFT_WRIST),
		.right_wrist = point_of(s, POSE_RIGHT_WRIST),
		.depth = (double)(p[POSE_LEFT_SHOULDER].z - p[POSE_RIGHT_SHOULDER].z) *
		         s->width / s->height,
	};
}
