/* The shells' completions, from the commands' usage and the option table. For the build only:
 * unknot-docs. */
#ifndef UNKNOT_CLI_COMPLETE_H
#define UNKNOT_CLI_COMPLETE_H

struct entry {
	const char *name, *arguments, *summary, *help;
};

void complete_bash(const struct entry *, int count);
void complete_zsh(const struct entry *, int count);
void complete_fish(const struct entry *, int count);

#endif
