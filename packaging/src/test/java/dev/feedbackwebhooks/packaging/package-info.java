/** What is shipped, unpacked and run as on a machine without Java. */
@NullMarked
package dev.feedbackwebhooks.packaging;

import org.jspecify.annotations.NullMarked;
