#include "opencv/lens.h"

extern "C" {
#include "image/convert.h"
}

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include <vector>

namespace {

const cv::Size board(LENS_COLUMNS, LENS_ROWS);

cv::Mat grey_of(const struct frame *frame)
{
	cv::Mat rgb(frame->height, frame->width, CV_8UC3), grey;
	frame_to_rgb(frame, rgb.data, int(rgb.step));
	cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
	return grey;
}

std::vector<cv::Point3f> corners_of_board()
{
	std::vector<cv::Point3f> points;
	for (int row = 0; row < LENS_ROWS; row++)
		for (int column = 0; column < LENS_COLUMNS; column++)
			points.emplace_back(float(column), float(row), 0.0f);
	return points;
}

double coverage_of(const std::vector<std::vector<cv::Point2f>> &views, cv::Size size)
{
	bool seen[3][4] = {};
	int cells = 0;
	for (const auto &view : views)
		for (const auto &p : view) {
			int x = int(p.x * 4 / float(size.width)),
			    y = int(p.y * 3 / float(size.height));
			if (x >= 0 && x < 4 && y >= 0 && y < 3)
				seen[y][x] = true;
		}
	for (const auto &row : seen)
		for (bool cell : row)
			cells += cell;
	return cells / 12.0;
}

} // namespace

bool lens_find_board(const struct frame *frame, struct lens_view *view)
{
	try {
		std::vector<cv::Point2f> corners;
		if (!cv::findChessboardCornersSB(grey_of(frame), board, corners,
		                                 cv::CALIB_CB_NORMALIZE_IMAGE |
		                                 cv::CALIB_CB_ACCURACY) ||
		    corners.size() != size_t(LENS_CORNERS))
			return false;
		for (size_t i = 0; i < corners.size(); i++) {
			view->corners[i][0] = corners[i].x;
			view->corners[i][1] = corners[i].y;
		}
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

bool lens_solve(const struct lens_view *views, int count, int width, int height, struct lens *lens,
                struct error *error)
{
	const int least = 3;
	if (count < least)
		return error_set(error, 0,
		                 "lens: %d views of the board are too few; show it %d times", count,
		                 least);
	try {
		const cv::Size size(width, height);
		std::vector<std::vector<cv::Point2f>> seen;
		for (int i = 0; i < count; i++) {
			seen.emplace_back();
			for (const auto &c : views[i].corners)
				seen.back().emplace_back(c[0], c[1]);
		}
		const std::vector<std::vector<cv::Point3f>> known(size_t(count),
		                                                  corners_of_board());
		cv::Mat matrix, distortion, sigma, sigma_views, errors;
		std::vector<cv::Mat> rotations, translations;
		*lens = {};
		lens->rms_px = cv::calibrateCamera(known, seen, size, matrix, distortion, rotations,
		                                   translations, sigma, sigma_views, errors,
		                                   cv::CALIB_ZERO_TANGENT_DIST | cv::CALIB_FIX_K3);
		lens->width = width;
		lens->height = height;
		lens->fx = matrix.at<double>(0, 0);
		lens->fy = matrix.at<double>(1, 1);
		lens->cx = matrix.at<double>(0, 2);
		lens->cy = matrix.at<double>(1, 2);
		for (int i = 0; i < 5; i++)
			lens->distortion[i] = distortion.at<double>(i);
		lens->focal_sigma = sigma.at<double>(0) / lens->fx;
		lens->coverage = coverage_of(seen, size);
		return true;
	} catch (const std::exception &) {
		return error_set(error, 0,
		                 "lens: these views of the board give no camera; tilt it by 30 deg "
		                 "to each side, near and far");
	}
}
