/* The whole pose pipeline (detector, region, landmarks, refinement) on pictures against an independent
 * implementation that equals MediaPipe to 1e-4. Pictures and expected values are not ours to ship:
 * make_oracle_images.sh fetches the pictures into the build folder (or UNKNOT_ORACLE_IMAGES names another),
 * the shared folder holds the values; without either the test is skipped. */
#include "landmark/pose.h"
#include "opencv/opencv.h"

#include "base/paths.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77, HEAD = 13 };

static double value(const cJSON *row, int i)
{
	return cJSON_GetNumberValue(cJSON_GetArrayItem(row, i));
}

/* Largest difference of landmarks 0-12 in image sides; < 0 when nothing was found. */
static double compare(const struct pose_result *got, const cJSON *frame, int width, int height)
{
	const cJSON *rows = cJSON_GetObjectItem(frame, "landmarks");
	const double side = width > height ? width : height;
	double largest = got->found ? 0 : -1;
	for (int i = 0; got->found && i < HEAD; i++) {
		const cJSON *row = cJSON_GetArrayItem(rows, i);
		double dx = ((double)got->landmarks[i].x - value(row, 0)) * width / side;
		double dy = ((double)got->landmarks[i].y - value(row, 1)) * height / side;
		largest = fmax(largest, fmax(fabs(dx), fabs(dy)));
	}
	return largest;
}

/* 1 passed, 0 failed, -1 not there */
static int check(const struct model_file *models, const char *images, const char *name, int complexity)
{
	char path[2048];
	struct error error;
	snprintf(path, sizeof path, "%s/oracle/ref/%s_%d.json", UNKNOT_SHARED, name, complexity);
	char *text = path_read_file(path, 1 << 24, NULL, &error);
	snprintf(path, sizeof path, "%s/%s.png", images, name);
	struct cv_image *image = text != NULL ? cv_image_read(path, &error) : NULL;
	if (image == NULL) {
		printf("skipped: %s\n", error.text);
		free(text);
		return -1;
	}
	cJSON *json = cJSON_Parse(text);
	const cJSON *frames = cJSON_GetObjectItem(json, "frames");
	struct pose_tracker *tracker =
		pose_tracker_create(models, complexity ? NET_POSE_FULL : NET_POSE_LITE, &error);
	struct frame frame = cv_image_frame(image);
	struct pose_result result;
	int good = tracker != NULL;
	/* The first frame goes through the detector, the second one through the first one's points. Later
	 * ones of the reference follow unfiltered points, ours filtered ones. Rounding passed on that way
	 * moves a landmark that lies between two cells of the heat map by up to 5e-4. */
	for (int i = 0; i < 2 && good; i++) {
		frame.seconds = i * 0.04;
		pose_tracker_run(tracker, &frame, &result);
		double d = compare(&result, cJSON_GetArrayItem(frames, i), frame.width, frame.height);
		good = d >= 0 && d <= (i ? 1e-3 : 2e-4) && result.detected == (i == 0);
		printf("%s, complexity %d, %s: landmarks 0-12 within %.1e of the image side\n", name,
		       complexity, i ? "tracked" : "detected", d);
	}
	pose_tracker_free(tracker);
	cv_image_free(image);
	cJSON_Delete(json);
	free(text);
	return good;
}

int main(void)
{
	static const char *const names[] = {"astronaut", "webcam", "rot"};
	const char *images = getenv("UNKNOT_ORACLE_IMAGES");
	struct error error;
	if (images == NULL)
		images = UNKNOT_ORACLE_BUILT;
	if (access(images, R_OK) != 0) {
		printf("skipped: no %s; make_oracle_images.sh makes it\n", images);
		return SKIPPED;
	}
	struct model_file *models = model_file_open(NULL, &error);
	if (models == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	int failed = 0, skipped = 0;
	for (int i = 0; i < 3; i++)
		for (int complexity = 0; complexity < 2; complexity++) {
			int r = check(models, images, names[i], complexity);
			failed += r == 0;
			skipped += r < 0;
		}
	model_file_close(models);
	return failed > 0 ? 1 : skipped > 0 ? SKIPPED : 0;
}
