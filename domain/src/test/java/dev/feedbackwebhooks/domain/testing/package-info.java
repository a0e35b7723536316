/** Ports in memory, sample values and a clock to set: shared by the tests of all modules. */
@NullMarked
package dev.feedbackwebhooks.domain.testing;

import org.jspecify.annotations.NullMarked;
