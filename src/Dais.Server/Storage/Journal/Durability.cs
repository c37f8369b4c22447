namespace Dais.Server.Storage.Journal;

/// <summary>What an acknowledged append survives.</summary>
public enum Durability
{
    /// <summary>A power cut: the disk has it.</summary>
    Fsync,

    /// <summary>The death of the process, not of the machine: the operating system has it.</summary>
    Os,

    /// <summary>Nothing: no file is written.</summary>
    Memory,
}
