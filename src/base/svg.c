#include "base/svg.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

/* ---- letters ---- */

static const char *entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* C0 and C1 controls but for tab and line feed, and the noncharacters U+FFFE and U+FFFF. */
static bool is_allowed(const char *p, size_t bytes)
{
	const unsigned char a = (unsigned char)p[0], b = bytes > 1 ? (unsigned char)p[1] : 0;
	if (bytes == 1)
		return (a >= 0x20 && a != 0x7f) || a == '\t' || a == '\n';
	if (bytes == 2)
		return a != 0xc2 || b >= 0xa0;
	return bytes != 3 || a != 0xef || b != 0xbf || (unsigned char)p[2] < 0xbe;
}

void svg_escape(FILE *to, const char *text)
{
	while (*text != '\0') {
		const size_t bytes = text_character(text);
		const char *entity = entity_of(*text);
		if (bytes == 0 || !is_allowed(text, bytes))
			fputs("\xef\xbf\xbd", to);
		else if (entity != NULL)
			fputs(entity, to);
		else
			fwrite(text, 1, bytes, to);
		text += bytes > 0 ? bytes : 1;
	}
}

/* ---- numbers ---- */

static void put_number(const struct svg *s, double value)
{
	char text[64];
	snprintf(text, sizeof text, "%.*f", s->digits, value);
	if (strchr(text, '.') != NULL) {
		char *end = text + strlen(text);
		while (end[-1] == '0')
			end--;
		end[end[-1] == '.' ? -1 : 0] = '\0';
	}
	fputs(strcmp(text, "-0") == 0 ? "0" : text, s->to);
}

/* ---- elements ---- */

struct svg svg_on(FILE *to, const char *along, int digits)
{
	return (struct svg){.to = to, .along = along, .digits = digits};
}

static void end_head(struct svg *s)
{
	if (s->head)
		fputc('>', s->to);
	s->head = false;
}

void svg_open(struct svg *s, const char *name)
{
	assert(s->depth < SVG_DEPTH);
	end_head(s);
	fprintf(s->to, "<%s", name);
	s->open[s->depth++] = name;
	s->head = true;
}

void svg_close(struct svg *s)
{
	assert(s->depth > 0);
	s->depth--;
	if (s->head)
		fputs("/>", s->to);
	else
		fprintf(s->to, "</%s>", s->open[s->depth]);
	s->head = false;
	if (s->depth == 1) /* where white space is nothing */
		fputc('\n', s->to);
}

void svg_begin(struct svg *s, const char *attribute)
{
	assert(s->head);
	fprintf(s->to, " %s=\"", attribute);
}

void svg_to(struct svg *s, char letter, double x, double y)
{
	fputc(letter, s->to);
	put_number(s, x);
	fputc(' ', s->to);
	put_number(s, y);
}

void svg_end(struct svg *s)
{
	fputc('"', s->to);
}

void svg_is(struct svg *s, const char *attribute, const char *text)
{
	svg_begin(s, attribute);
	svg_escape(s->to, text);
	svg_end(s);
}

void svg_number(struct svg *s, const char *attribute, double value)
{
	svg_begin(s, attribute);
	put_number(s, value);
	svg_end(s);
}

void svg_along(struct svg *s, const char *attribute, double value)
{
	svg_begin(s, attribute);
	put_number(s, value);
	fputs(s->along, s->to);
	svg_end(s);
}

void svg_view(struct svg *s, double width, double height)
{
	svg_begin(s, "viewBox");
	fputs("0 0", s->to);
	svg_to(s, ' ', width, height);
	svg_end(s);
}

void svg_text(struct svg *s, const char *text)
{
	end_head(s);
	svg_escape(s->to, text);
}

void svg_file(struct svg *s, double width, double height, const char *unit)
{
	svg_open(s, "svg");
	svg_is(s, "xmlns", "http://www.w3.org/2000/svg");
	const double sides[] = {width, height};
	for (int i = 0; i < 2; i++) {
		svg_begin(s, i == 0 ? "width" : "height");
		put_number(s, sides[i]);
		fputs(unit, s->to);
		svg_end(s);
	}
	svg_view(s, width, height);
}

/* ---- those that are often wanted ---- */

static void open_of(struct svg *s, const char *name, const char *class)
{
	svg_open(s, name);
	if (class != NULL)
		svg_is(s, "class", class);
}

void svg_open_rect(struct svg *s, const char *class, double x, double y, double width,
                   double height)
{
	open_of(s, "rect", class);
	svg_along(s, "x", x);
	svg_number(s, "y", y);
	svg_along(s, "width", width);
	svg_number(s, "height", height);
}

void svg_rect(struct svg *s, const char *class, double x, double y, double width, double height)
{
	svg_open_rect(s, class, x, y, width, height);
	svg_close(s);
}

void svg_open_circle(struct svg *s, const char *class, double x, double y, double r)
{
	open_of(s, "circle", class);
	svg_along(s, "cx", x);
	svg_number(s, "cy", y);
	svg_number(s, "r", r);
}

void svg_line(struct svg *s, const char *class, double x1, double y1, double x2, double y2)
{
	open_of(s, "line", class);
	svg_along(s, "x1", x1);
	svg_number(s, "y1", y1);
	svg_along(s, "x2", x2);
	svg_number(s, "y2", y2);
	svg_close(s);
}

void svg_open_letters(struct svg *s, const char *class, double x, double y, const char *anchor)
{
	open_of(s, "text", class);
	svg_along(s, "x", x);
	svg_number(s, "y", y);
	if (anchor != NULL)
		svg_is(s, "text-anchor", anchor);
}

void svg_letters(struct svg *s, const char *class, double x, double y, const char *anchor,
                 const char *text)
{
	svg_open_letters(s, class, x, y, anchor);
	svg_text(s, text);
	svg_close(s);
}

void svg_title(struct svg *s, const char *text)
{
	svg_open(s, "title");
	svg_text(s, text);
	svg_close(s);
}
