/** The rules of the house, checked on the compiled classes; each is shown to be able to fail. */
@NullMarked
package dev.feedbackwebhooks.app.rules;

import org.jspecify.annotations.NullMarked;
