"""Labelled windows of four advertising accounts, and the predecessor's formula beside our gate."""
