namespace Actors.Fuzz;

/// <summary>
/// Something that reads foreign input. To add a target, add a class with this interface and a parameterless constructor to the folder
/// Targets; the program finds it.
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>Valid inputs to start from.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Pieces of the grammar that mutations insert.</summary>
    IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>Reads an input. An exception is a finding, so the target catches the exceptions that its contract allows.</summary>
    /// <param name="input">The input.</param>
    /// <returns>A number that describes the behaviour. Inputs with a new number become seeds.</returns>
    int Run(byte[] input);
}
