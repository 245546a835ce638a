/* Which of a camera's formats can be read: by us, or by libv4l2 for us. */
#include "capture/v4l2_system.h"

#include <linux/videodev2.h>

/* What libv4lconvert 1.22.1 converts (its supported_src_pixfmts, the oldest that we build with), by
 * kind. Formats that are missing in these tables (H264, HEVC, depth maps) nobody here reads. */
static const uint32_t colour[] = {
	V4L2_PIX_FMT_RGB24, V4L2_PIX_FMT_BGR24, V4L2_PIX_FMT_YUV420, V4L2_PIX_FMT_YVU420,
	V4L2_PIX_FMT_RGB565, V4L2_PIX_FMT_BGR32, V4L2_PIX_FMT_RGB32, V4L2_PIX_FMT_XBGR32,
	V4L2_PIX_FMT_XRGB32, V4L2_PIX_FMT_ABGR32, V4L2_PIX_FMT_ARGB32,
	V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_YVYU, V4L2_PIX_FMT_UYVY, V4L2_PIX_FMT_NV16,
	V4L2_PIX_FMT_NV61, V4L2_PIX_FMT_SPCA501, V4L2_PIX_FMT_SPCA505,
	V4L2_PIX_FMT_SPCA508, V4L2_PIX_FMT_CIT_YYVYUY, V4L2_PIX_FMT_KONICA420,
	V4L2_PIX_FMT_SN9C20X_I420, V4L2_PIX_FMT_M420, V4L2_PIX_FMT_NV12_16L16,
	V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_CPIA1, V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG,
	V4L2_PIX_FMT_PJPG, V4L2_PIX_FMT_JPGL, V4L2_PIX_FMT_OV511, V4L2_PIX_FMT_OV518,
	V4L2_PIX_FMT_SPCA561, V4L2_PIX_FMT_SN9C10X, V4L2_PIX_FMT_SN9C2028,
	V4L2_PIX_FMT_PAC207, V4L2_PIX_FMT_MR97310A, V4L2_PIX_FMT_JL2005BCD,
	V4L2_PIX_FMT_SQ905C, V4L2_PIX_FMT_SE401, V4L2_PIX_FMT_STV0680,
	/* Bayer of 8 bits: old USB cameras whose exposure the driver or libv4l2 controls. */
	V4L2_PIX_FMT_SBGGR8, V4L2_PIX_FMT_SGBRG8, V4L2_PIX_FMT_SGRBG8, V4L2_PIX_FMT_SRGGB8,
};

static const uint32_t grey[] = {V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_Y4, V4L2_PIX_FMT_Y6,
                                V4L2_PIX_FMT_Y10, V4L2_PIX_FMT_Y10BPACK,
                                V4L2_PIX_FMT_Y12, V4L2_PIX_FMT_Y16};

/* A sensor's bare numbers, without exposure or white balance, which libcamera adds: libv4l2 would
 * convert some of them, to pictures in which nobody is seen. */
static const uint32_t raw[] = {
	V4L2_PIX_FMT_SBGGR10, V4L2_PIX_FMT_SGBRG10, V4L2_PIX_FMT_SGRBG10, V4L2_PIX_FMT_SRGGB10,
	V4L2_PIX_FMT_SBGGR10P, V4L2_PIX_FMT_SGBRG10P, V4L2_PIX_FMT_SGRBG10P, V4L2_PIX_FMT_SRGGB10P,
	V4L2_PIX_FMT_SBGGR12, V4L2_PIX_FMT_SGBRG12, V4L2_PIX_FMT_SGRBG12, V4L2_PIX_FMT_SRGGB12,
	V4L2_PIX_FMT_SBGGR12P, V4L2_PIX_FMT_SGBRG12P, V4L2_PIX_FMT_SGRBG12P, V4L2_PIX_FMT_SRGGB12P,
	V4L2_PIX_FMT_SBGGR14P, V4L2_PIX_FMT_SGBRG14P, V4L2_PIX_FMT_SGRBG14P, V4L2_PIX_FMT_SRGGB14P,
	V4L2_PIX_FMT_SBGGR16, V4L2_PIX_FMT_SGBRG16, V4L2_PIX_FMT_SGRBG16, V4L2_PIX_FMT_SRGGB16,
	V4L2_PIX_FMT_IPU3_SBGGR10, V4L2_PIX_FMT_IPU3_SGBRG10, V4L2_PIX_FMT_IPU3_SGRBG10,
	V4L2_PIX_FMT_IPU3_SRGGB10,
};

static bool is_in(const uint32_t *list, size_t count, uint32_t fourcc)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == fourcc)
			return true;
	return false;
}

enum v4l2_kind v4l2_kind_of(uint32_t fourcc)
{
	if (is_in(colour, sizeof colour / sizeof *colour, fourcc))
		return V4L2_COLOUR;
	if (is_in(grey, sizeof grey / sizeof *grey, fourcc))
		return V4L2_GREY;
	return is_in(raw, sizeof raw / sizeof *raw, fourcc) ? V4L2_RAW : V4L2_UNREADABLE;
}
