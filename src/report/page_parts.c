/* What the sections of the page are built of. */
#include "report/page_parts.h"

#include "report/format.h"

void page_open(FILE *to, const char *id, enum word heading)
{
	html_print(to, "<section class=\"card\" aria-labelledby=\"%s\">\n<h2 id=\"%s\">", id, id);
	html_word(to, heading);
	fputs("</h2>\n", to);
}

void page_close(FILE *to)
{
	fputs("</section>\n\n", to);
}

void page_open_table(FILE *to, enum word about, const enum word *heads, bool folded)
{
	if (folded) {
		fputs("<details><summary>", to);
		html_word(to, about);
		fputs("</summary>\n", to);
	}
	fputs("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"", to);
	html_word(to, about);
	fputs("\"><table>\n<thead><tr>", to);
	for (; *heads != WORD_COUNT; heads++) {
		/* What a picture is needs no words for who sees it. */
		const bool drawn = *heads == WORD_SHARE_BAR || *heads == WORD_SPREAD;
		fputs(drawn ? "<th scope=\"col\"><span class=\"unseeable\">" : "<th scope=\"col\">",
		      to);
		html_word(to, *heads);
		fputs(drawn ? "</span></th>" : "</th>", to);
	}
	fputs("</tr></thead>\n<tbody>\n", to);
}

void page_close_table(FILE *to, bool folded)
{
	fputs("</tbody></table></div>\n", to);
	if (folded)
		fputs("</details>\n", to);
}

void page_data(FILE *to, const struct report_summary *s, const char *path, double value, int digits,
               const char *text)
{
	char full[128], date[FORMAT_DATE_SIZE];
	format_date(&s->day, date);
	snprintf(full, sizeof full, "%s:%s", date, path);
	html_data(to, full, value, digits, text);
}

void page_sum(FILE *to, const struct report_summary *const *days, int count,
              const char *path, double value, int digits, const char *text)
{
	char full[128], date[FORMAT_DATE_SIZE];
	format_date(&days[0]->day, date);
	if (count > 1)
		snprintf(full, sizeof full, "%s+%d:%s", date, count, path);
	else
		snprintf(full, sizeof full, "%s:%s", date, path);
	html_data(to, full, value, digits, text);
}

void page_duration(FILE *to, const struct report_summary *s, const char *path,
                   double seconds, int digits)
{
	char text[NUMBER_SIZE];
	page_data(to, s, path, seconds, digits, number_duration(text, seconds));
}

void page_count(FILE *to, const struct report_summary *s, const char *path, int count)
{
	char text[NUMBER_SIZE];
	page_data(to, s, path, count, 0, number_plain(text, count, 0));
}

void page_legend(FILE *to, const struct report_summary *const *days, int count)
{
	bool used[GROUP_COUNT] = {false};
	for (int i = 0; i < count; i++)
		for (int m = 0; m < REPORT_MINUTES; m++)
			used[group_of_state(days[i]->minutes[m])] = true;
	fputs("<ul class=\"legend\" aria-hidden=\"true\">", to);
	for (int g = GROUP_GOOD; g < GROUP_COUNT; g++) {
		if (!used[g])
			continue;
		const double height = g == GROUP_AWAY ? 3 : g == GROUP_OFF ? 1.5 : 12;
		const double y = g == GROUP_AWAY ? 4.5 : g == GROUP_OFF ? 5.3 : 0;
		struct svg p = svg_on(to, "", 1);
		fputs("<li>", to);
		svg_open(&p, "svg");
		svg_number(&p, "width", 16);
		svg_number(&p, "height", 12);
		svg_rect(&p, group_class((enum state_group)g), 0, y, 16, height);
		svg_close(&p);
		html_word(to, word_of_group((enum state_group)g));
		fputs("</li>\n", to);
	}
	fputs("</ul>\n", to);
}
