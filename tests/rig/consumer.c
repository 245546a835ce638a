/* consumer DEVICE [--starts N] [--gap LOW-HIGH] [--hold S] [--seed N]: another program that wants
 * the camera. It asks as soon as the node is open, and gives up at the first refusal; then once
 * more, a second later. Every start is told on standard output with the monotonic clock; at the end
 * how many succeeded when. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { BUFFERS = 2, PICTURE_WAIT_MS = 3000 };

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void sleep_s(double s)
{
	const struct timespec t = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};
	nanosleep(&t, NULL);
}

static bool queue(int fd, unsigned index)
{
	struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
	                        .index = index};
	return ioctl(fd, VIDIOC_QBUF, &b) == 0;
}

/* One picture, given back. */
static bool take_picture(int fd)
{
	struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
	struct pollfd p = {fd, POLLIN, 0};
	if (poll(&p, 1, PICTURE_WAIT_MS) <= 0 || ioctl(fd, VIDIOC_DQBUF, &b) != 0)
		return false;
	return queue(fd, b.index);
}

/* Streams for `hold` seconds. NULL, or the step that was refused. */
static const char *stream(int fd, double hold)
{
	struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
	f.fmt.pix.width = 640;
	f.fmt.pix.height = 480;
	f.fmt.pix.pixelformat = V4L2_PIX_FMT_MJPEG;
	struct v4l2_requestbuffers r = {.count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
	                                .memory = V4L2_MEMORY_MMAP};
	int on = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	if (ioctl(fd, VIDIOC_S_FMT, &f) != 0)
		return "format";
	if (ioctl(fd, VIDIOC_REQBUFS, &r) != 0)
		return "buffers";
	for (unsigned i = 0; i < r.count; i++)
		if (!queue(fd, i))
			return "queue";
	if (ioctl(fd, VIDIOC_STREAMON, &on) != 0)
		return "stream";
	const double until = now_s() + hold;
	do
		if (!take_picture(fd))
			return "picture";
	while (now_s() < until);
	return NULL;
}

static bool start(const char *device, double hold)
{
	const double began = now_s();
	printf("%.6f open\n", began);
	fflush(stdout);
	const int fd = open(device, O_RDWR | O_CLOEXEC);
	const char *refused = fd < 0 ? "open" : stream(fd, hold);
	const int why = errno;
	if (refused != NULL)
		printf("%.6f refused: %s: %s\n", now_s(), refused, strerror(why));
	else
		printf("%.6f closes\n", now_s());
	fflush(stdout);
	if (fd >= 0)
		close(fd);
	return refused == NULL;
}

int main(int argc, char **argv)
{
	enum { STARTS = 1, GAP, HOLD, SEED };
	static const struct option options[] = {{"starts", required_argument, NULL, STARTS},
	                                        {"gap", required_argument, NULL, GAP},
	                                        {"hold", required_argument, NULL, HOLD},
	                                        {"seed", required_argument, NULL, SEED}, {0}};
	int starts = 1, first = 0, second = 0, got;
	double low = 0, high = 0, hold = 0;
	while ((got = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (got) {
		case STARTS: starts = atoi(optarg); break;
		case GAP: sscanf(optarg, "%lf-%lf", &low, &high); break;
		case HOLD: hold = atof(optarg); break;
		case SEED: srand48(atoi(optarg)); break;
		default: return 2;
		}
	if (optind + 1 != argc)
		return 2;
	for (int i = 0; i < starts; i++) {
		sleep_s(low + (high - low) * drand48());
		if (start(argv[optind], hold)) {
			first++;
			continue;
		}
		sleep_s(1);
		second += start(argv[optind], hold);
	}
	printf("%d starts: %d at the first try, %d at the second, %d failed\n",
	       starts, first, second, starts - first - second);
	return first + second == starts ? 0 : 1;
}
