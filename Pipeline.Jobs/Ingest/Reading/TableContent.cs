namespace Pipeline.Jobs.Ingest.Reading;

/// <summary>How the tables of a content are read.</summary>
internal enum TableKind
{
    Text,

    /// <summary>.xlsx.</summary>
    Workbook,

    /// <summary>.xls, or a workbook under a password.</summary>
    CompoundWorkbook,
}

/// <summary>Bytes that hold tables, outside of every archive.</summary>
internal sealed record TableContent(InputContent Bytes, TableKind Kind);
