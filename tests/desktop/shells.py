"""shells.py FOLDER: the completions, asked of the shells themselves: fish by its own command, zsh by a tabulator
on a terminal. Exit status 77 where there is neither."""
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
)


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
    shells = [s for s in ("fish", "zsh") if shutil.which(s)]
    if not shells:
        print("skipped: neither fish nor zsh is here")
        return 77
    with tempfile.TemporaryDirectory() as home:
        zsh = Zsh(folder, home) if "zsh" in shells else None
        for typed, word in WANTED:
            if "fish" in shells:
                offered, complaint = fish(folder, typed, home)
                if word not in offered or complaint:
                    print(f"FAILED: fish: {typed!r} -> {offered} {complaint}")
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
