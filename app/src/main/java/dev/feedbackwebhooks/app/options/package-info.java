/** Settings: how they are written, where they are read from, and what each part needs of them. */
@NullMarked
package dev.feedbackwebhooks.app.options;

import org.jspecify.annotations.NullMarked;
