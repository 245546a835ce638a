/* One line of JSON per JPEG: what the trackers see, through the daemon's own decoder. Not
 * installed.
 *   landmark_dump [--full] [--track SECONDS] [--summary] FILE...
 * Every picture is taken for a new one, unless --track says how far apart they are. --summary
 * prints what was found in place of the landmarks, and the share of pictures with a body and with a
 * face. */
#include "base/paths.h"
#include "image/jpeg.h"
#include "landmark/face.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct watcher {
	struct jpeg_decoder *decoder;
	struct pose_tracker *pose;
	struct face_tracker *face;
};

static bool watcher_open(struct watcher *w, const struct model_file *models, enum net_id body,
                         struct error *error)
{
	w->decoder = jpeg_decoder_create(error);
	if (w->decoder != NULL)
		w->pose = pose_tracker_create(models, body, error);
	if (w->pose != NULL)
		w->face = face_tracker_create(models, error);
	return w->face != NULL;
}

static void print_pose(const struct pose_result *r)
{
	if (!r->found) {
		printf("\"pose\":null");
		return;
	}
	printf("\"pose\":{\"score\":%.6f,\"landmarks\":[", (double)r->score);
	for (int i = 0; i < POSE_POINTS; i++) {
		const struct pose_landmark *p = &r->landmarks[i];
		printf("%s[%.6f,%.6f,%.6f,%.4f,%.4f]", i ? "," : "", (double)p->x, (double)p->y,
		       (double)p->z, (double)p->visibility, (double)p->presence);
	}
	printf("],\"world\":[");
	for (int i = 0; i < POSE_POINTS; i++)
		printf("%s[%.5f,%.5f,%.5f]", i ? "," : "", (double)r->world[i].x,
		       (double)r->world[i].y, (double)r->world[i].z);
	printf("]}");
}

static void print_face(const struct face_result *r)
{
	if (!r->found) {
		printf("\"face\":null");
		return;
	}
	printf("\"face\":{\"score\":%.6f,\"landmarks\":[", (double)r->score);
	for (int i = 0; i < FACE_POINTS; i++)
		printf("%s[%.6f,%.6f,%.6f]", i ? "," : "", (double)r->points[i].x,
		       (double)r->points[i].y, (double)r->points[i].z);
	printf("]}");
}

static void print(const char *path, const struct frame *frame, const struct pose_result *pose,
                  const struct face_result *face)
{
	printf("{\"source\":\"%s\",\"width\":%d,\"height\":%d,", path, frame->width, frame->height);
	print_pose(pose);
	putchar(',');
	print_face(face);
	puts("}");
}

static bool see(struct watcher *w, const char *path, double seconds, struct frame *frame,
                struct pose_result *pose, struct face_result *face)
{
	struct error error;
	size_t size;
	char *data = path_read_file(path, 1 << 26, &size, &error);
	bool good = data != NULL && jpeg_decode(w->decoder, data, size, 0, frame, &error);
	free(data);
	if (!good) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		return false;
	}
	frame->seconds = seconds;
	pose_tracker_run(w->pose, frame, pose);
	face_tracker_run(w->face, frame, pose->found ? pose : NULL, face);
	if (!pose->found && face->found)
		pose_tracker_run_below_face(w->pose, frame, &face->roi, pose);
	return true;
}

int main(int argc, char **argv)
{
	static struct pose_result pose;
	static struct face_result face;
	struct watcher w = {0};
	struct error error;
	struct frame frame;
	enum net_id body = NET_POSE_LITE;
	double step = 1e6;
	bool summary = false;
	int i = 1, seen = 0, bodies = 0, faces = 0, failed = 0;
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--full") == 0)
			body = NET_POSE_FULL;
		else if (strcmp(argv[i], "--summary") == 0)
			summary = true;
		else if (strcmp(argv[i], "--track") == 0 && i + 1 < argc)
			step = atof(argv[++i]);
	}
	struct model_file *models = model_file_open(NULL, &error);
	if (models == NULL || !watcher_open(&w, models, body, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	for (; i < argc; i++) {
		if (!see(&w, argv[i], seen * step, &frame, &pose, &face)) {
			failed++;
			continue;
		}
		seen++;
		bodies += pose.found;
		faces += face.found;
		if (summary)
			printf("%s body %.3f%s face %.3f%s\n", argv[i], (double)pose.score,
			       pose.found ? "" : " LOST", (double)face.score,
			       face.found ? "" : " LOST");
		else
			print(argv[i], &frame, &pose, &face);
	}
	if (summary)
		printf("%d pictures: body in %d, face in %d\n", seen, bodies, faces);
	face_tracker_free(w.face);
	pose_tracker_free(w.pose);
	jpeg_decoder_free(w.decoder);
	model_file_close(models);
	return failed > 0;
}
