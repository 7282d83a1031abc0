/**
 * What all configurations share: how a value is rejected, and how the constants of an enum are
 * written in options and files. It uses nothing, so that the mathematics may use it too.
 */
package io.tardiff.settings;
