#include "opencv/opencv.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <iterator>
#include <new>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <utility>
#include <vector>

struct cv_image {
	cv::Mat rgb;
};

struct cv_video {
	cv::VideoCapture capture;
	cv::Mat bgr, rgb;
};

namespace {

/* Drawing coordinates with 4 fractional bits: what the `shift` argument of imgproc expects. */
constexpr int shift = 4;

cv::Point fixed_point(float x, float y)
{
	return {cvRound(x * (1 << shift)), cvRound(y * (1 << shift))};
}

cv::Scalar scalar(cv_colour c)
{
	return {double(c.r), double(c.g), double(c.b)};
}

struct frame frame_of(const cv::Mat &rgb)
{
	struct frame f = {};
	f.format = PIXEL_RGB24;
	f.full_range = 1;
	f.width = rgb.cols;
	f.height = rgb.rows;
	f.plane[0] = rgb.data;
	f.stride[0] = int(rgb.step);
	return f;
}

} // namespace

cv_image *cv_image_read(const char *path, struct error *error)
{
	try {
		cv::Mat bgr = cv::imread(path, cv::IMREAD_COLOR);
		if (bgr.empty()) {
			error_set(error, 0, "%s: not a picture that can be read", path);
			return nullptr;
		}
		auto *image = new cv_image;
		cv::cvtColor(bgr, image->rgb, cv::COLOR_BGR2RGB);
		return image;
	} catch (const std::exception &e) {
		error_set(error, 0, "%s: %s", path, e.what());
		return nullptr;
	}
}

cv_image *cv_image_from_rgb(const unsigned char *rgb, int width, int height)
{
	try {
		auto *image = new cv_image;
		cv::Mat(height, width, CV_8UC3,
		        const_cast<unsigned char *>(rgb)).copyTo(image->rgb);
		return image;
	} catch (const std::exception &) {
		return nullptr;
	}
}

void cv_image_free(cv_image *image)
{
	delete image;
}

struct frame cv_image_frame(const cv_image *image)
{
	return frame_of(image->rgb);
}

bool cv_image_write(const cv_image *image, const char *path, struct error *error)
{
	try {
		cv::Mat bgr;
		cv::cvtColor(image->rgb, bgr, cv::COLOR_RGB2BGR);
		if (!cv::imwrite(path, bgr))
			return error_set(error, 0, "%s: cannot be written; is the folder there?",
			                 path);
		return true;
	} catch (const std::exception &e) {
		return error_set(error, 0, "%s: %s", path, e.what());
	}
}

cv_video *cv_video_open(const char *path, struct error *error)
{
	try {
		auto *video = new cv_video;
		if (video->capture.open(path))
			return video;
		delete video;
		error_set(error, 0, "%s: not a video that can be read", path);
	} catch (const std::exception &e) {
		error_set(error, 0, "%s: %s", path, e.what());
	}
	return nullptr;
}

void cv_video_free(cv_video *video)
{
	delete video;
}

double cv_video_fps(const cv_video *video)
{
	double fps = video->capture.get(cv::CAP_PROP_FPS);
	return fps > 0 && fps < 1000 ? fps : 0;
}

bool cv_video_next(cv_video *video, struct frame *frame)
{
	try {
		if (!video->capture.read(video->bgr) || video->bgr.empty())
			return false;
		cv::cvtColor(video->bgr, video->rgb, cv::COLOR_BGR2RGB);
		*frame = frame_of(video->rgb);
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

void cv_draw_line(cv_image *image, float x0, float y0, float x1, float y1, cv_colour colour,
                  int thickness)
{
	cv::line(image->rgb, fixed_point(x0, y0), fixed_point(x1, y1), scalar(colour), thickness,
	         cv::LINE_AA, shift);
}

void cv_draw_dot(cv_image *image, float x, float y, float radius, cv_colour colour)
{
	cv::circle(image->rgb, fixed_point(x, y), cvRound(radius * (1 << shift)), scalar(colour),
	           cv::FILLED, cv::LINE_AA, shift);
}

/* The letters that Hershey's font has, and above which of them two dots stand. */
static std::string letters_of(const char *utf8, std::vector<size_t> *dotted)
{
	static const struct { const char *utf8, *letters; bool dots; } rows[] = {
		{"\u00e4", "a", true}, {"\u00f6", "o", true}, {"\u00fc", "u", true},
		{"\u00c4", "A", true},
		{"\u00d6", "O", true}, {"\u00dc", "U", true}, {"\u00df", "ss", false},
	};
	std::string letters;
	for (const char *c = utf8; *c;) {
		const auto *row = std::find_if(std::begin(rows), std::end(rows),
		                               [c](const auto &r) {
			return std::strncmp(c, r.utf8, std::strlen(r.utf8)) == 0;
		});
		if (row == std::end(rows)) {
			letters += *c++;
			continue;
		}
		if (row->dots)
			dotted->push_back(letters.size());
		letters += row->letters;
		c += std::strlen(row->utf8);
	}
	return letters;
}

float cv_text_width(float size, const char *text)
{
	int below;
	std::vector<size_t> dotted;
	const double scale = size / 21.0;
	return float(cv::getTextSize(letters_of(text, &dotted), cv::FONT_HERSHEY_SIMPLEX,
	                             scale, 1, &below).width);
}

void cv_draw_text(cv_image *image, float x, float y, float size, cv_colour colour, const char *text)
{
	/* Hershey Simplex capitals are 21 units tall at scale 1, small letters 14. */
	const double scale = size / 21.0;
	const cv::Point at(cvRound(x), cvRound(y));
	std::vector<size_t> dotted;
	const std::string letters = letters_of(text, &dotted);
	const auto width = [&](size_t n) {
		int below;
		return cv::getTextSize(letters.substr(0, n), cv::FONT_HERSHEY_SIMPLEX,
		                       scale, 1, &below).width;
	};
	for (const auto &[thickness, ink]
	     : {std::pair(3, cv::Scalar(0, 0, 0)), std::pair(1, scalar(colour))}) {
		cv::putText(image->rgb, letters, at, cv::FONT_HERSHEY_SIMPLEX,
		            scale, ink, thickness, cv::LINE_AA);
		for (const size_t i : dotted) {
			const double middle = x + (width(i) + width(i + 1)) / 2.0 - scale;
			const double top = y - (std::isupper(letters[i]) ? 25 : 19) * scale;
			for (const double side : {-4 * scale, 4 * scale})
				cv::circle(image->rgb, cv::Point2d(middle + side, top),
				           thickness / 2 + 1, ink, cv::FILLED, cv::LINE_AA);
		}
	}
}

void cv_draw_shade(cv_image *image, int x, int y, int width, int height, float strength)
{
	cv::Rect area = cv::Rect(x, y, width, height) & cv::Rect({}, image->rgb.size());
	if (area.empty())
		return;
	cv::Mat part = image->rgb(area);
	part.convertTo(part, -1, 1.0 - double(strength), 0);
}
