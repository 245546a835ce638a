"""shells.py FOLDER: the completions, asked of the shells themselves: bash by the function, fish by its own command,
zsh by a tabulator on a terminal. Exit status 77 where there is none of them."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

# What was typed, and what the shell must make of it.
WANTED = (
    ("unknot sta", "status"),
    ("unknot expl", "explain"),
    ("unknot report --format h", "html"),
    ("unknot status --format w", "waybar"),
    ("unknot break mi", "micro"),
    ("unknot stretch chi", "chin-tuck"),
    ("unknot pain --wh", "--where"),
    ("unknot config s", "set"),
    ("unknot profile del", "delete"),
    ("unknot profile use stan", "standing"),
    ("unknot calibrate --name sta", "standing"),
    ("unknot report --day yest", "yesterday"),
    ("unknot report --from yest", "yesterday"),
    ("unknot snooze tomo", "tomorrow"),
    ("unknot profile use au", "auto"),
    ("unknot report --day 2026-03", "2026-03-14"),
    ("unknot config set camera.mo", "camera.mode"),
    ("unknot config set camera.mode con", "continuous"),
    ("unknot config set watch.interval_max_s 3", "30"),
    ("unknot config get posture.slou", "posture.slouch_drop_cm"),
    ("unknot help expl", "explain"),
    ("unknot vers", "version"),
)
# What the person has, by the folder in the home.
FILES = (".local/state/unknot/profiles/standing.json", ".local/share/unknot/reports/2026-03-14.json")


def bash(folder, typed, home):
    script = (f"source '{folder}/unknot'; COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _unknot; "
              "printf '%s\\n' \"${COMPREPLY[@]}\"")
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, HOME=home))
    return done.stdout.splitlines(), done.stderr


def fish(folder, typed, home):
    script = f"source '{folder}/unknot.fish'; complete -C '{typed}'"
    done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, HOME=home))
    return [line.split("\t")[0] for line in done.stdout.splitlines()], done.stderr


class Zsh:
    """An interactive zsh. What it shows is read until a mark comes, however long that takes."""

    def __init__(self, folder, home):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=home, ZDOTDIR=home, TERM="dumb", PS1="", LC_ALL="C.UTF-8")
            os.execlp("zsh", "zsh", "-f", "-i")
        # The tabulator completes, then tells the line instead of running it.
        self.say("unsetopt prompt_cr prompt_sp beep zle_bracketed_paste 2>/dev/null; PS1=; stty -echo\n"
                 f"fpath=('{folder}' $fpath); autoload -Uz compinit; compinit -u -D\n"
                 "told() { zle complete-word; print -r -- \"<<$BUFFER>>\"; BUFFER=; }\n"
                 "zle -N told; bindkey '^I' told; print \"<\"\"<ready>\"\">\"\n")
        self.until(r"<<ready>>")

    def say(self, text):
        os.write(self.terminal, text.encode())

    def until(self, pattern):
        got, end = "", time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([self.terminal], [], [], 1)[0]:
                continue
            try:
                got += os.read(self.terminal, 4096).decode(errors="replace")
            except OSError:
                break
            found = re.search(pattern, got)
            if found:
                return found
        sys.exit(f"FAILED: zsh says nothing like {pattern}: {got[-500:]!r}")

    def complete(self, typed):
        self.say(typed + "\t")
        return self.until(r"<<(unknot[^>]*)>>")[1].rstrip()

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def main():
    folder, bad = os.path.abspath(sys.argv[1]), 0
    shells = [s for s in ("bash", "fish", "zsh") if shutil.which(s)]
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
        os.environ.pop(name, None)
    if not shells:
        print("skipped: none of the shells is here")
        return 77
    with tempfile.TemporaryDirectory() as home:
        for name in FILES:
            os.makedirs(os.path.dirname(os.path.join(home, name)), exist_ok=True)
            with open(os.path.join(home, name), "w", encoding="utf-8") as file:
                file.write("{}")
        zsh = Zsh(folder, home) if "zsh" in shells else None
        for typed, word in WANTED:
            for shell, offer in (("bash", bash), ("fish", fish)):
                offered, complaint = offer(folder, typed, home) if shell in shells else ([word], "")
                if offered != [word] or complaint:
                    print(f"FAILED: {shell}: {typed!r} -> {offered} {complaint}")
                    bad += 1
            if zsh is not None:
                line, wanted = zsh.complete(typed), typed.rsplit(" ", 1)[0] + " " + word
                if line != wanted:
                    print(f"FAILED: zsh: {typed!r} -> {line!r}")
                    bad += 1
        if zsh is not None:
            zsh.close()
    print(f"{bad} failed" if bad else f"ok, {len(WANTED)} lines in {' and '.join(shells)}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
