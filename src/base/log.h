/* Logging to stderr, one line per message, with the syslog level prefix ("<4>") that journald reads
 * when stderr is the journal. Judgement modules never log; they return what happened. */
#ifndef UNKNOT_BASE_LOG_H
#define UNKNOT_BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* In the person's language, as errors are: the format is translated (the test `german` refuses one
 * without its German). */
void log_write(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Messages above this level are dropped. Default LOG_LEVEL_INFO. Not thread safe. */
void log_set_level(enum log_level level);

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
