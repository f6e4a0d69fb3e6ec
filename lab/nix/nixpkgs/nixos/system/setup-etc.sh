# The three steps of NixOS's setup-etc.pl: repoint /etc/static, drop links that lead nowhere now, link what is declared.
echo "setting up /etc..." >&2
etc=@etc@
[ "$(readlink /etc/static)" = "$etc" ] || { ln -sfn "$etc" /etc/.static.tmp; mv -T /etc/.static.tmp /etc/static; }

find /etc -path /etc/nixos -prune -o -type l -lname '/etc/static/*' -print | while IFS= read -r link; do
  target=$(readlink "$link")
  if [ ! -e "$target" ] && [ ! -L "$target" ]; then
    echo "removing obsolete symlink ‘$link’..." >&2
    rm -f "$link"
  fi
done

copied=/etc/.clean.tmp
: > "$copied"
(cd "$etc" && find . ! -type d) | sed 's|^\./||' | while IFS= read -r name; do
  case $name in *.mode | *.owner) [ ! -e "$etc/${name%.*}" ] && [ ! -L "$etc/${name%.*}" ] || continue ;; esac
  case $name in */*) mkdir -p "/etc/${name%/*}" ;; esac
  if [ -e "$etc/$name.mode" ]; then
    cp -L "$etc/$name" "/etc/$name.tmp"
    chown "$(cat "$etc/$name.owner")" "/etc/$name.tmp"
    chmod "$(cat "$etc/$name.mode")" "/etc/$name.tmp"
    mv -T "/etc/$name.tmp" "/etc/$name"
    printf '%s\n' "$name" >> "$copied"
  elif [ "$(readlink "/etc/$name")" != "/etc/static/$name" ]; then
    if [ -d "/etc/$name" ] && [ ! -L "/etc/$name" ]; then
      echo "warning: /etc/$name is a directory of its own and stays" >&2
      continue
    fi
    ln -sfn "/etc/static/$name" "/etc/$name.tmp"
    mv -T "/etc/$name.tmp" "/etc/$name"
  fi
done

# Copies of the previous generation that this one does not declare.
if [ -e /etc/.clean ]; then
  while IFS= read -r name; do
    if ! grep -Fxq -- "$name" "$copied"; then
      echo "removing obsolete file ‘/etc/$name’..." >&2
      rm -f "/etc/$name"
    fi
  done < /etc/.clean
fi
mv -T "$copied" /etc/.clean
