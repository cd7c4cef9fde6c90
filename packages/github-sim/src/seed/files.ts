/** Sample repositories of the demo: small, with jobs that finish within a second or two. */
import type { FileChanges } from '../actions/types.ts';

const API_CONFIGURATION = `# What runs on every pull request of this repository.
- job:
    name: unit
    description: Unit tests
    run: sh ci/unit.sh
    timeout: 120
- job:
    name: lint
    description: Style of every shell script
    run: sh ci/lint.sh
    timeout: 120
- job:
    name: package
    description: Builds the release archive once the tests are green
    run: sh ci/package.sh
    timeout: 120
- project:
    check:
      jobs:
        - unit
        - lint
        - package: {dependencies: [unit]}
`;

const UNIT = `#!/bin/sh
# Adds up the prices in data/prices.txt and compares the sum with the expected one.
set -eu
echo "unit: checking the price list"
sum=0
while read -r name price; do
  echo "  $name costs $price"
  sum=$((sum + price))
done < data/prices.txt
expected=$(cat data/total.txt)
if [ "$sum" -ne "$expected" ]; then
  echo "FAIL: the prices add up to $sum, but data/total.txt says $expected" >&2
  exit 1
fi
echo "ok: 1 test passed"
`;

const LINT = `#!/bin/sh
# Refuses tabs and trailing blanks in scripts.
set -eu
status=0
for file in ci/*.sh; do
  if grep -n "$(printf '\\t')\\|[[:blank:]]$" "$file"; then
    echo "FAIL: $file has tabs or trailing blanks" >&2
    status=1
  else
    echo "ok: $file"
  fi
done
exit $status
`;

const PACKAGE = `#!/bin/sh
set -eu
mkdir -p out
tar -cf out/api.tar data
echo "packaged $(wc -c < out/api.tar) bytes"
`;

/** `acme/api`: three jobs, one of which waits for another. */
export const apiFiles: FileChanges = {
  'README.md': '# api\n\nPrices of the shop.\n',
  '.gatehouse.yaml': API_CONFIGURATION,
  'ci/unit.sh': UNIT,
  'ci/lint.sh': LINT,
  'ci/package.sh': PACKAGE,
  'data/prices.txt': 'apple 3\nbread 4\n',
  'data/total.txt': '7\n',
};

const WEB_CONFIGURATION = `- job: {name: links, run: sh ci/links.sh}
- project:
    check: {jobs: [links]}
`;

const LINKS = `#!/bin/sh
# Every page that index.html links to must exist.
set -eu
for page in $(sed -n 's/.*href="\\([^"]*\\)".*/\\1/p' index.html); do
  [ -f "$page" ] || { echo "FAIL: index.html links to missing $page" >&2; exit 1; }
  echo "ok: $page"
done
`;

/** `acme/web`: one job. */
export const webFiles: FileChanges = {
  'README.md': '# web\n\nThe shop window.\n',
  '.gatehouse.yaml': WEB_CONFIGURATION,
  'ci/links.sh': LINKS,
  'index.html': '<!doctype html>\n<title>Shop</title>\n<a href="about.html">About</a>\n',
  'about.html': '<!doctype html>\n<title>About</title>\n',
};
