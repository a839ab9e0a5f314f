"""The processes of one platform: started in order, watched, restarted, stopped in order."""
