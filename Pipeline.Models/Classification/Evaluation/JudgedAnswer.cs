namespace Pipeline.Models.Classification.Evaluation;

/// <summary>One text's answer beside its label.</summary>
/// <param name="Row">Index of the text among those that were handed over.</param>
/// <param name="Answer">Null where the text says nothing.</param>
/// <param name="Probability">Of the answer, 0 to 1.</param>
public readonly record struct JudgedAnswer(int Row, string Truth, string? Answer, float Probability)
{
    public bool Right => Truth == Answer;
}

/// <summary>From which probability the answers of a class are as precise as asked.</summary>
/// <param name="Threshold">The lowest such probability; null where none is, or where fewer than 10 answers would reach it.</param>
/// <param name="Texts">Answers of this class that reach it.</param>
/// <param name="Precision">Of those, 0 to 1.</param>
/// <param name="Recall">Of all texts whose truth is this class, the share that these answers find.</param>
public sealed record ClassThreshold(string Class, double? Threshold, int Texts, double Precision, double Recall);

/// <summary>The largest share of texts that can be answered without a person at an asked accuracy.</summary>
/// <param name="Accuracy">What was asked, 0 to 1.</param>
/// <param name="Threshold">Probability from which answers are taken; null where no threshold reaches the accuracy.</param>
/// <param name="Coverage">Share of texts that reach it; 0 where none does.</param>
public sealed record CoverageAtAccuracy(double Accuracy, double? Threshold, double Coverage);
