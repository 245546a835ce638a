#include "calibrate/board.h"

#include "base/svg.h"
#include "base/text.h"
#include "opencv/lens.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 10 by 7 squares of 25 mm leave margins that every printer can keep, on both papers. */
enum { ACROSS = LENS_COLUMNS + 1, DOWN = LENS_ROWS + 1 };
static const double square_mm = 25, ruler_mm = 100;

static const struct paper {
	double width, height; /* mm, landscape: ISO 216 and ANSI/ASME Y14.1 */
} papers[] = {[BOARD_A4] = {297, 210}, [BOARD_LETTER] = {279.4, 215.9}};

/* What draws: millimetres from the top left corner. */
struct pen {
	FILE *to;
	struct svg *svg;
	const struct paper *paper;
	void (*rectangle)(const struct pen *, double x, double y, double width, double height);
	void (*text)(const struct pen *, double x, double y, const char *);
};

static void draw_ruler(const struct pen *pen, double x, double y, bool upright)
{
	const double line = 0.25;
	for (int mm = 0; mm <= (int)ruler_mm; mm += 5) {
		const double length = mm % 10 == 0 ? 4 : 2.5;
		if (upright)
			pen->rectangle(pen, x, y + mm - line / 2, length, line);
		else
			pen->rectangle(pen, x + mm - line / 2, y, line, length);
	}
	if (upright)
		pen->rectangle(pen, x, y - line / 2, line, ruler_mm + line);
	else
		pen->rectangle(pen, x - line / 2, y, ruler_mm + line, line);
}

static void draw_board(const struct pen *pen)
{
	const double left = (pen->paper->width - ACROSS * square_mm) / 2;
	const double top = (pen->paper->height - DOWN * square_mm) / 2;
	const double below = top + DOWN * square_mm + 6, beside = left + ACROSS * square_mm + 6;
	const double side = square_mm;
	for (int row = 0; row < DOWN; row++)
		for (int column = row % 2; column < ACROSS; column += 2)
			pen->rectangle(pen, left + column * side, top + row * side, side, side);
	draw_ruler(pen, left, below, false);
	draw_ruler(pen, beside, top, true);
	pen->text(pen, left + ruler_mm + 6, below + 3,
	          "unknot: print at 100 %. Both rulers must be 100 mm long. Glue it on something "
	          "flat.");
}

/* ---- SVG ---- */

static void svg_rectangle(const struct pen *pen, double x, double y, double width, double height)
{
	svg_rect(pen->svg, NULL, x, y, width, height);
}

static void svg_words(const struct pen *pen, double x, double y, const char *text)
{
	svg_open_letters(pen->svg, NULL, x, y, NULL);
	svg_is(pen->svg, "font-family", "sans-serif");
	svg_number(pen->svg, "font-size", 3);
	svg_text(pen->svg, text);
	svg_close(pen->svg);
}

static void write_svg(FILE *to, const struct paper *paper)
{
	struct svg svg = svg_on(to, "", 3);
	const struct pen pen = {to, &svg, paper, svg_rectangle, svg_words};
	svg_file(&svg, paper->width, paper->height, "mm");
	svg_title(&svg, "Chessboard for unknot calibrate --camera");
	svg_open_rect(&svg, NULL, 0, 0, paper->width, paper->height);
	svg_is(&svg, "fill", "#fff");
	svg_close(&svg);
	draw_board(&pen);
	svg_close(&svg);
}

/* ---- PDF (ISO 32000-1: objects, then their places, in bytes from the beginning) ---- */

static void pdf_rectangle(const struct pen *pen, double x, double y, double width, double height)
{
	fprintf(pen->to, "%.3f %.3f %.3f %.3f re f\n", x, pen->paper->height - y - height,
	        width, height);
}

static void pdf_text(const struct pen *pen, double x, double y, const char *text)
{
	fprintf(pen->to, "BT /F 3 Tf %.3f %.3f Td (%s) Tj ET\n", x, pen->paper->height - y, text);
}

enum { PDF_OBJECTS = 5 };

struct pdf {
	FILE *to;
	long place[PDF_OBJECTS + 1];
	int last;
};

__attribute__((format(printf, 2, 3)))
static void pdf_object(struct pdf *pdf, const char *format, ...)
{
	va_list args;
	pdf->place[++pdf->last] = ftell(pdf->to);
	fprintf(pdf->to, "%d 0 obj\n", pdf->last);
	va_start(args, format);
	vfprintf(pdf->to, format, args);
	va_end(args);
	fputs("\nendobj\n", pdf->to);
}

static bool write_pdf(FILE *to, const struct paper *paper)
{
	const double point = 72 / 25.4; /* per millimetre */
	char *content = NULL;
	size_t size = 0;
	struct pdf pdf = {.to = to};
	struct pen pen = {open_memstream(&content, &size), NULL, paper, pdf_rectangle, pdf_text};
	if (pen.to == NULL)
		return false;
	fprintf(pen.to, "%.6f 0 0 %.6f 0 0 cm\n", point, point);
	draw_board(&pen);
	if (fclose(pen.to) != 0) {
		free(content);
		return false;
	}
	fputs("%PDF-1.4\n", to);
	pdf_object(&pdf, "<< /Type /Catalog /Pages 2 0 R >>");
	pdf_object(&pdf, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	pdf_object(&pdf, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.3f %.3f] /Contents 4 0 R "
	           "/Resources << /Font << /F 5 0 R >> >> >>", paper->width * point,
	           paper->height * point);
	pdf_object(&pdf, "<< /Length %zu >>\nstream\n%sendstream", size, content);
	pdf_object(&pdf, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
	free(content);
	const long places = ftell(to);
	fprintf(to, "xref\n0 %d\n0000000000 65535 f \n", PDF_OBJECTS + 1);
	for (int i = 1; i <= PDF_OBJECTS; i++)
		fprintf(to, "%010ld 00000 n \n", pdf.place[i]);
	fprintf(to, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n",
	        PDF_OBJECTS + 1, places);
	return true;
}

bool board_write(const char *path, enum board_paper paper, struct error *error)
{
	const char *dot = strrchr(path, '.');
	const bool pdf = dot != NULL && text_same_ascii(dot, ".pdf");
	if (!pdf && (dot == NULL || !text_same_ascii(dot, ".svg")))
		return error_set(error, 0, "%s: a name that ends in .pdf or .svg is needed",
		                 path);
	FILE *to = fopen(path, "wb");
	bool good = to != NULL;
	if (good && pdf)
		good = write_pdf(to, &papers[paper]);
	else if (good)
		write_svg(to, &papers[paper]);
	if (to != NULL)
		good = good && !ferror(to);
	if (to != NULL && fclose(to) != 0)
		good = false;
	return good || error_set(error, 0, "%s: cannot be written; is the folder there?", path);
}
