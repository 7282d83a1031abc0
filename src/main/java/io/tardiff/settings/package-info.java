/**
 * Declares the settings of configurations: names, validation, and the conversion to and from
 * options and files. Depends on no other package, so that the mathematical packages can use it too.
 */
package io.tardiff.settings;
