# Completes PROGRAM in PowerShell.
Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
    param($word, $line, $position)
    $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
    $words = @($before | Select-Object -Skip 1)
    & $before[0] complete "--word=$word" '--' @words 2> $null | ForEach-Object {
        $value, $description = $_ -split "`t", 2
        if ($value -eq ':files' -or $value -eq ':directories') {
            # PowerShell itself completes a word with paths if there is nothing else.
            return
        }
        $toolTip = if ($description) { $description } else { $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $toolTip)
    }
}
