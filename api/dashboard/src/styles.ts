/**
 * All styles but those of shared/style, which come before them: what pages share first, so that a page's own rules come later. Each
 * file lies beside what it is for.
 */

import.meta.glob(["./shared/**/*.css", "!./shared/style/*.css"], { eager: true });
import.meta.glob(["./*/**/*.css", "!./shared/**/*.css"], { eager: true });
