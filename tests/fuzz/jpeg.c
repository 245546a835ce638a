/* A camera's MJPEG frame, decoded whole and small, and looked at. */
#include "fuzz.h"
#include "image/convert.h"
#include "image/jpeg.h"
#include "image/warp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static float input[128 * 128 * 3];
	static const int widths[] = {0, 160};
	struct error error;
	struct jpeg_decoder *decoder = jpeg_decoder_create(&error);
	for (size_t i = 0; decoder != NULL && i < 2; i++) {
		struct frame frame = {0};
		if (!jpeg_decode(decoder, data, size, widths[i], &frame, &error))
			continue;
		luma_measure(&frame);
		const struct roi roi = {(float)frame.width / 2, (float)frame.height / 2,
		                        (float)frame.width, 0.3f};
		warp_roi(&frame, &roi, 128, BORDER_REPLICATE, 1, 0, input, (size_t)128 * 3);
	}
	jpeg_decoder_free(decoder);
	return 0;
}
