package io.pairbatch.problem;

/// A [Problem] with a field of the specification, before it is known which layer set the field.
public record FieldProblem(ErrorCode code, String field, String found, String expected) {}
