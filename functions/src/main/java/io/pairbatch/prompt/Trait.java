package io.pairbatch.prompt;

/// What is judged: a quality of the texts.
///
/// @param name the label that the prompt shows
/// @param description its definition
public record Trait(String name, String description) {}
